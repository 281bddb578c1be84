import { ArrowDownToLine } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { Button } from '../parts/button.tsx'
import { CopyButton } from '../parts/copy-button.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { setAssembledForm, useView } from '../state/view-store.ts'
import { formatCount } from '../text.ts'
import { AssembledFacts } from './assembled-facts.tsx'
import { AssembledOutputView } from './assembled-output.tsx'
import { setAssembledPath, useAssembledPath } from './assembled-path.ts'
import type { AssembledReader } from './assembled-reader.ts'
import { omittedWords } from './assembled-words.ts'
import { NoEvents } from './no-events.tsx'
import { PathPicker } from './path-picker.tsx'
import { useAssembled } from './use-assembled.ts'
import { visibleLine } from './visible-text.ts'

export interface AssembledTabProps {
  readonly exchange: Exchange
  /** Where the controls of this tab are put. */
  readonly controls: HTMLElement | null
}

/** What an LLM's stream says, put together from its rows while it comes. */
export function AssembledTab(props: AssembledTabProps) {
  const path = useAssembledPath(props.exchange.routeId)
  return <Followed key={path} {...props} path={path} />
}

function Followed({ exchange, controls, path }: AssembledTabProps & { readonly path: string | null }) {
  const reader = useAssembled(exchange, path, 'full')
  const { assembled, error } = reader
  if (exchange.rows === 0) return <NoEvents exchange={exchange} clearedRows={0} isPaused={false} />
  if (error !== null && path !== null)
    return (
      <Scrolled>
        <PathPicker routeId={exchange.routeId} path={path} suggestions={[]} problem={error} />
      </Scrolled>
    )
  if (error !== null) return <EmptyState title="The text cannot be put together">{error}</EmptyState>
  if (!assembled) return null
  if (assembled.shape === null) {
    if (assembled.suggestions.length > 0 || (path !== null && !assembled.isGivenUp)) {
      return (
        <Scrolled>
          <PathPicker routeId={exchange.routeId} path={path} suggestions={assembled.suggestions} problem={null} />
        </Scrolled>
      )
    }
    return assembled.isGivenUp ? (
      <EmptyState title="Nothing to put together">
        The body is neither events nor lines nor JSON with text in it. The raw tab shows its bytes.
      </EmptyState>
    ) : (
      <EmptyState title="Nothing with text so far">Text appears here as it comes.</EmptyState>
    )
  }
  return <Answers exchange={exchange} controls={controls} reader={reader} />
}

function Scrolled({ children }: { children: ReactNode }) {
  return <div className="h-full overflow-x-hidden overflow-y-auto">{children}</div>
}

function Answers({ exchange, controls, reader }: AssembledTabProps & { readonly reader: AssembledReader }) {
  const form = useView((view) => view.assembledForm)
  const path = useAssembledPath(exchange.routeId)
  const isOpen = exchange.state === 'open'
  const { place, isFollowing, follow, onScroll } = useTail(isOpen, reader.version())
  const { assembled } = reader
  if (!assembled) return null
  const { outputs, errors } = assembled
  const heldPieces = isOpen && exchange.heldBytes > 0 ? assembled.upstream.rows - assembled.client.rows : 0
  const isBehind = assembled.readRows < assembled.totalRows
  const whole = outputs.map(({ text, refusal }) => reader.text(text) || reader.text(refusal)).join('\n\n')

  return (
    <div className="flex h-full min-h-0 flex-col">
      {controls &&
        createPortal(
          <>
            {!isFollowing && isOpen && (
              <Button size="small" look="primary" onClick={follow} title="Goes to the end of the text and stays there">
                <ArrowDownToLine size={12} aria-hidden="true" />
                Follow
              </Button>
            )}
            <Segmented
              label="Text"
              value={form}
              segments={[
                { value: 'markdown', label: 'Markdown' },
                { value: 'plain', label: 'Plain' },
              ]}
              onChange={setAssembledForm}
            />
            <CopyButton text={whole} label="Copy the text" />
          </>,
          controls,
        )}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scroll area must be reachable by keyboard */}
      <div ref={place} onScroll={onScroll} tabIndex={0} className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto -outline-offset-2">
        <AssembledFacts assembled={assembled} startedAt={exchange.startedAt} />
        {assembled.shape === 'path' && path !== null && (
          <p className="flex flex-wrap items-center gap-x-2 border-b border-line bg-bg px-3 py-0.5 text-12 text-mute">
            Read along <span className="font-mono text-11 text-text">{visibleLine(path)}</span>
            <Button size="small" look="ghost" onClick={() => setAssembledPath(exchange.routeId, null)}>
              Change
            </Button>
          </p>
        )}
        {omittedWords(assembled).map((words) => (
          <p key={words} className="border-b border-line bg-bg px-3 py-1 text-12 text-mute">
            {words}
          </p>
        ))}
        {outputs.map((output, index) => (
          <AssembledOutputView
            key={output.index}
            output={output}
            reader={reader}
            isMarkdown={form === 'markdown'}
            title={outputs.length > 1 ? `Choice ${index + 1}` : null}
          />
        ))}
        {errors.map(({ row, code, message }) => (
          <p
            key={`${row} ${code} ${message}`}
            role="alert"
            className="m-3 max-w-[52rem] rounded-control bg-bad-bg px-2.5 py-2 text-12 text-bad"
            data-selectable=""
          >
            <b className="font-semibold">The upstream reports an error</b>
            {code !== null && <span className="font-mono text-11"> {visibleLine(code)}</span>}
            <br />
            {visibleLine(message)}
          </p>
        ))}
        {heldPieces > 0 && (
          <p className="px-3 pb-3 text-12 text-held">
            {heldPieces === 1 ? 'The last piece of text is' : `The last ${formatCount(heldPieces)} pieces of text are`} held here; the
            client does not have {heldPieces === 1 ? 'it' : 'them'} yet.
          </p>
        )}
        {isBehind && (
          <p className="px-3 pb-3 text-12 text-mute">
            Reading row {formatCount(assembled.readRows)} of {formatCount(assembled.totalRows)}
          </p>
        )}
        {!isBehind && isOpen && assembled.upstream.rows === 0 && errors.length === 0 && (
          <p className="px-3 py-3 text-12 text-mute">No text yet; the answer has begun.</p>
        )}
      </div>
    </div>
  )
}

const nearEndPx = 24

/** Keeps the end of what grows in sight until somebody scrolls up, and again once they are back at the end. */
function useTail(startsFollowing: boolean, version: number) {
  const place = useRef<HTMLDivElement>(null)
  const [isFollowing, setIsFollowing] = useState(startsFollowing)
  useEffect(() => {
    void version
    const element = place.current
    if (isFollowing && element) element.scrollTop = element.scrollHeight
  }, [isFollowing, version])
  return {
    place,
    isFollowing,
    follow: () => setIsFollowing(true),
    onScroll: () => {
      const element = place.current
      if (element) setIsFollowing(element.scrollHeight - element.scrollTop - element.clientHeight < nearEndPx)
    },
  }
}
