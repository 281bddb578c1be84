import { useEffect, useState, type ReactNode } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import type { Spread, Timing } from '../../proxy-core/contract/timing.ts'
import { decisionWords, verdictEvidence } from '../exchanges/exchange-words.ts'
import { invoke } from '../gateway.ts'
import { useNow } from '../state/clock.ts'
import { formatClockMs, formatCount, formatDuration } from '../text.ts'
import { useAssembledPath } from './assembled-path.ts'
import { rowNouns } from './event-columns.ts'
import { PacedAsk } from './paced-ask.ts'
import { TimingPlots } from './timing-plots.tsx'
import { useAssembled } from './use-assembled.ts'

/** About the pixels of a wide window. */
const columns = 1600

/** How a stream went over time: its verdict with the evidence, its milestones, its rate, its gaps on both clocks, and what was decided. */
export function TimingTab({ exchange }: { exchange: Exchange }) {
  const timing = useTiming(exchange)
  const assembledPath = useAssembledPath(exchange.routeId)
  const now = useNow(exchange.state === 'open' && exchange.oldestHeldAt !== null, 200)
  const { startedAt, respondedAt, firstRowAt, endedAt, rowKind, decisions } = exchange
  const noun = rowNouns[rowKind ?? 'event'].one
  const [finding, ...evidence] = verdictEvidence(exchange, now)
  const since = (at: number | null) => (at === null ? 'not yet' : formatDuration(at - startedAt))
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scroll area must be reachable by keyboard
    <div className="h-full overflow-x-hidden overflow-y-auto p-3 text-12 -outline-offset-2" tabIndex={0} data-selectable="">
      <p className="font-semibold">{finding}</p>
      {evidence.map((line) => (
        <p key={line} className="text-mute">
          {line}
        </p>
      ))}
      <dl className="my-3 flex flex-wrap gap-x-5 gap-y-1">
        <Fact name="Response head">{since(respondedAt)}</Fact>
        <Fact name="First byte">{since(timing?.firstByteAt ?? null)}</Fact>
        <Fact name={`First ${noun}`}>{since(firstRowAt)}</Fact>
        <FirstToken key={assembledPath} exchange={exchange} path={assembledPath} />
        {endedAt !== null && <Fact name="Took">{formatDuration(endedAt - startedAt)}</Fact>}
      </dl>
      {timing ? (
        <>
          <TimingPlots timing={timing} noun={noun} />
          <table className="my-3 w-full max-w-2xl text-right">
            <thead className="text-11 text-mute">
              <tr>
                {['', 'p50', 'p95', 'p99', 'longest', 'jitter'].map((title) => (
                  <th key={title} scope="col" className="font-normal">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="font-mono text-11">
              <SpreadRow
                name={rowKind === 'message' ? 'Gap from either side' : 'Gap from upstream'}
                spread={timing.arrived.gaps}
                jitterMs={timing.arrived.jitterMs}
              />
              <SpreadRow
                name={rowKind === 'message' ? 'Gap to either side' : 'Gap to client'}
                spread={timing.left.gaps}
                jitterMs={timing.left.jitterMs}
              />
              <SpreadRow name="Held here" spread={timing.held} jitterMs={null} />
            </tbody>
          </table>
          {timing.uncountedRows > 0 && (
            <p className="text-mute">{formatCount(timing.uncountedRows)} rows were forgotten before they were counted here.</p>
          )}
        </>
      ) : (
        <p className="text-mute">No {noun} has come yet.</p>
      )}
      <h3 className="mt-3 mb-1 text-11 text-mute">Decisions</h3>
      {decisions.length === 0 && (
        <p className="text-mute">
          {rowKind === 'message' ? 'None: a WebSocket passes both ways as it comes.' : 'Nothing is decided before the response has come.'}
        </p>
      )}
      <ul>
        {decisions.map((decision) => (
          <li key={decision.at}>
            <span className="mr-2 font-mono text-11 text-mute">{formatClockMs(decision.at)}</span>
            {decisionWords(decision)}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** When the first token came and when the client got it, for a stream of tokens. */
function FirstToken({ exchange, path }: { exchange: Exchange; path: string | null }) {
  const { assembled } = useAssembled(exchange, path, 'glance')
  const first = assembled?.upstream.first ?? null
  if (!assembled || first === null) return null
  const left = assembled.client.first
  return (
    <>
      <Fact name="First token">{formatDuration(first.at - exchange.startedAt)}</Fact>
      <Fact name="First token to client">
        {left === null ? (exchange.endedAt === null ? 'not yet' : 'never') : formatDuration(left.at - exchange.startedAt)}
      </Fact>
    </>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex gap-2">
      <dt className="text-mute">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  )
}

function SpreadRow({ name, spread, jitterMs }: { name: string; spread: Spread; jitterMs: number | null }) {
  const words = (ms: number | null) => (spread.count === 0 || ms === null ? '–' : formatDuration(ms))
  return (
    <tr>
      <th scope="row" className="py-0.5 text-left font-sans text-12 font-normal">
        {name}
      </th>
      {[spread.p50, spread.p95, spread.p99, spread.max, jitterMs].map((ms, index) => (
        <td key={['p50', 'p95', 'p99', 'max', 'jitter'][index]}>{words(ms)}</td>
      ))}
    </tr>
  )
}

/** The stream over time, asked for again while it goes on. */
function useTiming({ id, rows, leftRows }: Exchange): Timing | null {
  const [timing, setTiming] = useState<Timing | null>(null)
  const [asks] = useState(
    () =>
      new PacedAsk<'all', Timing | null>({
        ask: () => invoke('exchange.timing', { id, columns }),
        take: setTiming,
        // The exchange was forgotten meanwhile; its last numbers stay until the window learns of it.
        fail: () => undefined,
        leastMsBetween: 500,
      }),
  )
  useEffect(() => {
    asks.resume()
    return () => asks.stop()
  }, [asks])
  useEffect(() => asks.want('all'), [asks, rows, leftRows])
  return timing
}
