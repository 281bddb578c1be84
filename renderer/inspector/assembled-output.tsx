import { Collapsible } from '@base-ui/react/collapsible'
import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import type { AssembledOutput, ToolCall } from '../../proxy-core/contract/assembled.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { Tag } from '../parts/tag.tsx'
import { formatCount } from '../text.ts'
import type { AssembledReader } from './assembled-reader.ts'
import { MarkdownText } from './markdown-text.tsx'
import { visibleLine, visibleProse } from './visible-text.ts'
import { WireText } from './wire-text.tsx'

// Beyond this, laying Markdown out anew at every piece would cost more than a frame.
const longestMarkdown = 200_000

export interface AssembledOutputProps {
  readonly output: AssembledOutput
  readonly reader: AssembledReader
  readonly isMarkdown: boolean
  /** Its name among several choices; null where it is the only one. */
  readonly title: string | null
}

/** One answer of a stream: its reasoning folded, its text, refusal, calls and sources. */
export function AssembledOutputView({ output, reader, isMarkdown, title }: AssembledOutputProps) {
  const text = reader.text(output.text)
  const reasoning = reader.text(output.reasoning)
  const refusal = reader.text(output.refusal)
  return (
    <section aria-label={title ?? 'Answer'} className="flex flex-col gap-3 border-line px-3 py-3 [&+section]:border-t">
      {title !== null && (
        <h3 className="flex items-center gap-2 text-12 font-semibold">
          {title}
          {output.finishReason !== null && (
            <span className="font-mono text-11 font-normal text-mute">{visibleLine(output.finishReason)}</span>
          )}
          {text !== '' && <CopyButton text={text} label={`Copy the text of ${title.toLowerCase()}`} />}
        </h3>
      )}
      {reasoning !== '' && (
        <Folded title="Reasoning" note={`${formatCount(reasoning.length)} characters`}>
          <div className="border-l-2 border-line pl-3 text-mute" data-selectable="">
            <Prose text={reasoning} isMarkdown={isMarkdown} />
          </div>
        </Folded>
      )}
      {text !== '' && (
        <div className="max-w-[52rem] text-13 leading-[1.55] [overflow-wrap:anywhere]" data-selectable="" data-assembled-text="">
          <Prose text={text} isMarkdown={isMarkdown} />
        </div>
      )}
      {refusal !== '' && (
        <div className="flex max-w-[52rem] flex-col items-start gap-1.5" data-selectable="">
          <Tag tone="bad">refused</Tag>
          <Prose text={refusal} isMarkdown={isMarkdown} />
        </div>
      )}
      {output.toolCalls.map((call, index) => (
        <Call key={index} call={call} text={reader.text(call.arguments)} />
      ))}
      {output.citations.length > 0 && (
        <Folded title="Sources" note={formatCount(output.citations.length)}>
          <ul className="flex flex-col gap-0.5 text-12" data-selectable="">
            {output.citations.map(({ title: name, url }) => (
              <li key={`${name} ${url}`} className="[overflow-wrap:anywhere]">
                {visibleLine(name)} <span className="font-mono text-11 text-mute">{visibleLine(url)}</span>
              </li>
            ))}
          </ul>
        </Folded>
      )}
    </section>
  )
}

function Prose({ text, isMarkdown }: { text: string; isMarkdown: boolean }) {
  if (isMarkdown && text.length <= longestMarkdown) return <MarkdownText text={text} />
  return <p className="whitespace-pre-wrap">{visibleProse(text)}</p>
}

function Call({ call: { kind, id, name }, text }: { call: ToolCall; text: string }) {
  return (
    <section aria-label={`Call of ${name ?? 'a tool'}`} className="max-w-[52rem] rounded-control border border-line bg-bg">
      <h4 className="flex min-h-8 flex-wrap items-center gap-x-2 border-b border-line py-0.5 pr-1 pl-2.5 text-12">
        <span className="text-mute">{kind === 'function' ? 'calls' : 'ran upstream'}</span>
        <span className="min-w-0 font-mono font-semibold [overflow-wrap:anywhere]">{visibleLine(name ?? 'a tool without a name')}</span>
        {id !== null && <span className="min-w-0 truncate font-mono text-11 text-faint">{visibleLine(id)}</span>}
        <span className="flex-1" />
        {text !== '' && <CopyButton text={text} label={`Copy the arguments of ${name ?? 'the call'}`} />}
      </h4>
      {text === '' ? <p className="px-2.5 py-2 text-12 text-mute">No arguments so far</p> : <WireText text={text} isPretty />}
    </section>
  )
}

function Folded({ title, note, children }: { title: string; note: string; children: ReactNode }) {
  return (
    <Collapsible.Root>
      <Collapsible.Trigger className="group flex items-center gap-1.5 rounded-control py-0.5 pr-2 text-12 text-mute hover:text-text">
        <ChevronRight size={13} className="shrink-0 transition-transform group-data-panel-open:rotate-90" aria-hidden="true" />
        <span className="font-medium">{title}</span>
        <span className="text-faint">{note}</span>
      </Collapsible.Trigger>
      <Collapsible.Panel className="max-w-[52rem] pt-1.5 pl-[1.2rem]">{children}</Collapsible.Panel>
    </Collapsible.Root>
  )
}
