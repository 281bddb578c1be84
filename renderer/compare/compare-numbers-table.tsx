import { useEffect, useState } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import type { Stretch } from '../../proxy-core/contract/timing.ts'
import { invoke } from '../gateway.ts'
import { PacedAsk } from '../inspector/paced-ask.ts'
import type { RowReader } from '../inspector/row-reader.ts'
import { exchangeLabel } from '../text.ts'
import { comparedNumbers } from './compare-numbers.ts'
import { gatewayNow } from '../state/gateway-clock.ts'

export interface CompareNumbersProps {
  readonly first: Exchange
  readonly second: Exchange
  readonly readers: readonly [RowReader, RowReader]
  readonly now: number
}

/** The numbers of two exchanges, and by how much they differ. */
export function CompareNumbers({ first, second, readers, now }: CompareNumbersProps) {
  const stretches = [useStretch(first), useStretch(second)] as const
  const lines = comparedNumbers(
    { exchange: first, firstRow: readers[0].row(0), stretch: stretches[0] },
    { exchange: second, firstRow: readers[1].row(0), stretch: stretches[1] },
    now,
  )
  return (
    <div
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scroll area must be reachable by keyboard
      tabIndex={0}
      className="shrink-0 border-line px-3 py-2 -outline-offset-2 @min-[44rem]:w-[24rem] @min-[44rem]:overflow-y-auto @min-[44rem]:border-r"
    >
      <table className="w-full text-12">
        <thead className="text-mute">
          <tr className="h-6">
            <th className="text-left font-medium">Number</th>
            <th className="pl-3 text-right font-medium">A</th>
            <th className="pl-3 text-right font-medium">B</th>
            <th className="pl-3 text-right font-medium">Difference</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ name, first: a, second: b, difference }) => (
            <tr key={name} className="h-6">
              <th className="text-left font-normal whitespace-nowrap text-mute">{name}</th>
              <td className="pl-3 text-right font-mono text-11 whitespace-nowrap">{a}</td>
              <td className="pl-3 text-right font-mono text-11 whitespace-nowrap">{b}</td>
              <td className={difference === 'same' ? 'pl-3 text-right text-mute' : 'pl-3 text-right font-mono text-11 whitespace-nowrap'}>
                {difference}
              </td>
            </tr>
          ))}
          <tr className="align-top">
            <th className="py-1 text-left font-normal whitespace-nowrap text-mute">Verdict</th>
            <td className="py-1 pl-3 text-right text-balance">{verdictOf(first, now)}</td>
            <td className="py-1 pl-3 text-right text-balance">{verdictOf(second, now)}</td>
            <td className="py-1 pl-3 text-right text-mute">{first.verdict.type === second.verdict.type ? 'same' : 'differs'}</td>
          </tr>
        </tbody>
      </table>
    </div>
  )
}

/** What it came to, its number and unit on one line. */
function verdictOf(exchange: Exchange, now: number): string {
  return exchangeLabel({ ...exchange, oldestHeldAt: null }, now).words.replace(/(?<=\d) (?=\S+$)/, '\u00A0')
}

interface StretchAsk {
  readonly from: number
  readonly to: number
}

/** All of an exchange's life, asked again while there is more to know. */
function useStretch({ id, startedAt, endedAt, rows, leftRows }: Exchange): Stretch | null {
  const [stretch, setStretch] = useState<Stretch | null>(null)
  const [asks] = useState(
    () =>
      new PacedAsk<StretchAsk, Stretch>({
        ask: (ask) => invoke('exchange.stretch', { id, ...ask }),
        leastMsBetween: 500,
        take: setStretch,
        // It was forgotten meanwhile, which the window is told of otherwise.
        fail: () => undefined,
      }),
  )
  useEffect(() => {
    asks.resume()
    return () => asks.stop()
  }, [asks])
  useEffect(() => {
    // Each row that came or left is a reason to ask.
    void [rows, leftRows]
    asks.want({ from: startedAt, to: (endedAt ?? gatewayNow()) + 1 })
  }, [asks, startedAt, endedAt, rows, leftRows])
  return stretch
}
