import type { ReactNode } from 'react'
import type { Assembled, TokenPace } from '../../proxy-core/contract/assembled.ts'
import { cx } from '../parts/cx.ts'
import { formatCount, formatDayClock, formatDuration } from '../text.ts'
import { paceTitle, paceWords, shapeNames, stallWords } from './assembled-words.ts'
import { visibleLine } from './visible-text.ts'

/** The numbers of an assembled stream: both clocks, the model, and what the upstream counted. */
export function AssembledFacts({ assembled, startedAt }: { assembled: Assembled; startedAt: number }) {
  const { model, shape, usage, outputs, upstreamTimes } = assembled
  const reasons = [...new Set(outputs.flatMap(({ finishReason }) => (finishReason === null ? [] : [finishReason])))]
  return (
    <div className="flex flex-wrap gap-x-8 gap-y-2 border-b border-line px-3 py-2 text-12" data-selectable="">
      <table className="h-fit">
        <thead>
          <tr className="text-left text-11 text-faint">
            <th scope="col">
              <span className="sr-only">Clock</span>
            </th>
            <Head>Pieces</Head>
            <Head>First token</Head>
            <Head>Pace</Head>
            <Head>Stalls</Head>
          </tr>
        </thead>
        <tbody>
          <Lane name="From upstream" tone="text-flow" pace={assembled.upstream} startedAt={startedAt} />
          <Lane name="To client" tone="text-out" pace={assembled.client} startedAt={startedAt} />
        </tbody>
      </table>
      <dl className="flex h-fit min-w-0 flex-1 basis-[14rem] flex-wrap gap-x-5 gap-y-0.5 pt-0.5">
        {shape !== null && <Fact name="Format">{shapeNames[shape]}</Fact>}
        {model !== null && <Fact name="Model">{visibleLine(model)}</Fact>}
        {reasons.length > 0 && <Fact name="Finish reason">{reasons.map(visibleLine).join(', ')}</Fact>}
        {usage !== null && (
          <>
            <Count name="Input" tokens={usage.input} rest={[usage.cached, 'cached']} />
            <Count name="Output" tokens={usage.output} rest={[usage.reasoning, 'reasoning']} />
          </>
        )}
        {upstreamTimes !== null && upstreamTimes.totalMs !== null && (
          <Fact name="Upstream says it took">{formatDuration(upstreamTimes.totalMs)}</Fact>
        )}
      </dl>
    </div>
  )
}

function Lane({ name, tone, pace, startedAt }: { name: string; tone: string; pace: TokenPace; startedAt: number }) {
  const { first, stalls, stallList } = pace
  return (
    <tr>
      <th scope="row" className={cx('pr-5 text-left font-medium', tone)}>
        {name}
      </th>
      <td className="pr-5 text-right font-mono text-11" title={`Rows with text, ${name.toLowerCase()}`}>
        {formatCount(pace.rows)}
      </td>
      <td className="min-w-[5.5rem] pr-5 font-mono text-11" title={first ? formatDayClock(first.at) : undefined}>
        {first ? formatDuration(first.at - startedAt) : 'not yet'}
      </td>
      <td className="min-w-[7rem] pr-5 font-mono text-11" title={paceTitle(pace)}>
        {paceWords(pace) ?? '–'}
      </td>
      <td
        className={cx('font-mono text-11', stalls > 0 && 'text-held')}
        title={stallList
          .slice(0, 12)
          .map((stall) => `${formatDuration(stall.gapMs)} before row ${stall.row + 1}`)
          .join('\n')}
      >
        {stallWords(pace)}
      </td>
    </tr>
  )
}

function Head({ children }: { children: string }) {
  return (
    <th scope="col" className="pr-5 font-normal">
      {children}
    </th>
  )
}

function Count({ name, tokens, rest: [part, what] }: { name: string; tokens: number | null; rest: readonly [number | null, string] }) {
  if (tokens === null) return null
  return (
    <Fact name={name}>
      {formatCount(tokens)} tokens{part !== null && part > 0 && `, ${formatCount(part)} ${what}`}
    </Fact>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 gap-2">
      <dt className="shrink-0 text-mute">{name}</dt>
      <dd className="min-w-0 font-mono text-11 leading-[1.1rem] [overflow-wrap:anywhere]">{children}</dd>
    </div>
  )
}
