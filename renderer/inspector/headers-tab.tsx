import { useEffect, useState } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import type { ExchangeHeads, HeaderField } from '../../proxy-core/contract/rows.ts'
import { invoke } from '../gateway.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { cx } from '../parts/cx.ts'
import { EmptyState } from '../parts/empty-state.tsx'
import { Tag } from '../parts/tag.tsx'
import { errorMessage } from './error-message.ts'
import { headChanges, headText, type HeadChange } from './head-changes.ts'
import { visibleLine } from './visible-text.ts'

/** The heads of an exchange as they came and as they were sent on, with what the gateway changed. */
export function HeadersTab({ exchange }: { exchange: Exchange }) {
  const { heads, error } = useHeads(exchange)
  if (error !== null) return <EmptyState title="The headers are no longer kept">{error}</EmptyState>
  if (!heads) return null
  const { method, target, httpVersion, status } = exchange
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scroll area must be reachable by keyboard
    <div className="@container h-full overflow-x-hidden overflow-y-auto -outline-offset-2" tabIndex={0}>
      <HeadPair
        title="Request"
        line={`${method} ${target} HTTP/${httpVersion}`}
        received={{ title: 'received from the client', fields: heads.requestReceived }}
        sent={{ title: 'sent to the upstream', fields: heads.requestSent }}
      />
      {heads.responseReceived.length + heads.responseSent.length > 0 ? (
        <HeadPair
          title="Response"
          line={status === null ? '' : String(status)}
          received={{ title: 'received from the upstream', fields: heads.responseReceived }}
          sent={{ title: 'sent to the client', fields: heads.responseSent }}
        />
      ) : (
        <p className="px-3 py-3 text-12 text-mute">
          {exchange.state === 'open' ? 'The upstream has not answered yet.' : 'There was no response.'}
        </p>
      )}
    </div>
  )
}

interface HeadSide {
  readonly title: string
  readonly fields: readonly HeaderField[]
}

function HeadPair({ title, line, received, sent }: { title: string; line: string; received: HeadSide; sent: HeadSide }) {
  const changes = headChanges(received.fields, sent.fields)
  return (
    <section aria-label={title} className="border-b border-line pb-2">
      <h3 className="flex gap-2 px-3 pt-3 pb-1 text-12 font-semibold">
        {title}
        <span className="min-w-0 font-mono text-11 leading-[1.3rem] font-normal break-words text-mute" data-selectable="">
          {visibleLine(line)}
        </span>
      </h3>
      <div className="grid grid-cols-2 gap-x-6 px-3 text-11 text-faint @max-[40rem]:hidden">
        <SideTitle {...received} />
        <SideTitle {...sent} />
      </div>
      <ul>
        {changes.map((change, index) => (
          <HeadRow key={index} change={change} />
        ))}
      </ul>
    </section>
  )
}

function SideTitle({ title, fields }: HeadSide) {
  return (
    <span className="flex h-7 items-center gap-1">
      {title}
      {fields.length > 0 && <CopyButton text={headText(fields)} label={`Copy what was ${title}`} />}
    </span>
  )
}

function HeadRow({ change: { change, received, sent } }: { change: HeadChange }) {
  return (
    <li className="grid grid-cols-2 gap-x-6 border-t border-line/50 px-3 py-[3px] font-mono text-11 leading-[1.3rem] hover:bg-raised @max-[40rem]:grid-cols-1">
      <span className={cx('min-w-0 break-words', !received && '@max-[40rem]:hidden')} data-selectable="">
        {received && <Field field={received} isStruck={change === 'removed' || change === 'changed'} />}
        {change === 'removed' && <Mark tone="neutral" words="removed" />}
      </span>
      <span className={cx('min-w-0 break-words', change === 'kept' && '@max-[40rem]:hidden')} data-selectable="">
        {sent && <Field field={sent} isFaint={change === 'kept'} />}
        {change === 'added' && <Mark tone="flow" words="added" />}
        {change === 'changed' && <Mark tone="flow" words="changed" />}
      </span>
    </li>
  )
}

function Field({ field: [name, value], isStruck = false, isFaint = false }: { field: HeaderField; isStruck?: boolean; isFaint?: boolean }) {
  return (
    <span className={cx('[overflow-wrap:anywhere]', isFaint && 'text-mute')}>
      <span className="text-mute">{visibleLine(name)}: </span>
      <span className={cx(isStruck && 'text-mute line-through')}>{visibleLine(value)}</span>
    </span>
  )
}

function Mark({ tone, words }: { tone: 'flow' | 'neutral'; words: string }) {
  return (
    <span className="ml-2 inline-flex align-middle font-sans">
      <Tag tone={tone}>{words}</Tag>
    </span>
  )
}

/** The heads, read again when the response comes. */
function useHeads({ id, status, state }: Exchange): { readonly heads: ExchangeHeads | null; readonly error: string | null } {
  const [answer, setAnswer] = useState<{ readonly heads: ExchangeHeads | null; readonly error: string | null }>({
    heads: null,
    error: null,
  })
  useEffect(() => {
    let isWanted = true
    void [status, state]
    invoke('exchange.heads', { id }).then(
      (heads) => isWanted && setAnswer({ heads, error: null }),
      (error: unknown) => isWanted && setAnswer((old) => (old.heads ? old : { heads: null, error: errorMessage(error) })),
    )
    return () => {
      isWanted = false
    }
  }, [id, status, state])
  return answer
}
