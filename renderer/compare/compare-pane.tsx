import { X } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { LookReporter } from '../exchanges/look.ts'
import { usePacedGateway } from '../exchanges/paced-gateway.ts'
import type { TimeSpan } from '../inspector/strip-view.ts'
import { Button } from '../parts/button.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { useNow } from '../state/clock.ts'
import { lookAt } from '../state/feed.ts'
import { closeComparison, setComparisonAxis, type Comparison } from '../state/view-store.ts'
import { pannedAxis, wholeAxis, zeroOf, zoomedAxis, type AxisMode } from './compare-axis.ts'
import { CompareNumbers } from './compare-numbers-table.tsx'
import { CompareRows } from './compare-rows.tsx'
import { CompareStrip } from './compare-strip.tsx'
import { useRowReader } from './compared-rows.ts'

/** Two exchanges on one time axis, with their numbers and rows beside one another. */
export function ComparePane({ comparison }: { comparison: Comparison }) {
  const first = usePacedGateway((view) => view.exchanges.get(comparison.first), 100)
  const second = usePacedGateway((view) => view.exchanges.get(comparison.second), 100)
  useLookAtBoth(comparison)
  // The reply to a command may come before the feed tells of the exchange.
  const isComing = usePacedGateway((view) => comparison.second > ([...view.exchanges.values()].at(-1)?.id ?? 0), 100)
  if (first && isComing) return null
  if (!first || !second) {
    return (
      <EmptyState title="One of the two is no longer kept" action={<Button onClick={closeComparison}>Back to the exchanges</Button>}>
        It was cleared, or forgotten to make room for newer ones.
      </EmptyState>
    )
  }
  return <Compared key={`${first.id} ${second.id}`} first={first} second={second} mode={comparison.axis} />
}

function Compared({ first, second, mode }: { first: Exchange; second: Exchange; mode: AxisMode }) {
  const pane = useRef<HTMLElement>(null)
  const [view, setView] = useState<TimeSpan | null>(null)
  const isOpen = first.state === 'open' || second.state === 'open'
  const now = useNow(isOpen, 100)
  const readers = [useRowReader(first), useRowReader(second)] as const
  const whole = wholeAxis([first, second], mode, now)
  const shown = view ?? whole
  useEffect(() => pane.current?.focus({ preventScroll: true }), [])

  const zoom = (factor: number, at: number) => setView((old) => zoomedAxis(old, whole, factor, at))
  const pan = (parts: number) => setView((old) => pannedAxis(old, whole, parts))
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    const isOnStrip = event.target instanceof HTMLCanvasElement
    if (event.key === 'Escape') closeComparison()
    else if (!isOnStrip) return
    else if (event.key === 'ArrowLeft') pan(-0.2)
    else if (event.key === 'ArrowRight') pan(0.2)
    else if (event.key === '+' || event.key === '=') zoom(0.7, 0.5)
    else if (event.key === '-') zoom(1 / 0.7, 0.5)
    else if (event.key === 'Home' || event.key === 'End') setView(null)
    else return
    event.preventDefault()
  }
  const strip = (exchange: Exchange, name: 'A' | 'B') => (
    <CompareStrip
      exchange={exchange}
      name={name}
      shown={shown}
      zeroAt={zeroOf(exchange, mode)}
      now={now}
      mode={mode}
      onZoom={zoom}
      onPan={pan}
    />
  )

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Esc closes it wherever the focus is inside
    <section
      ref={pane}
      aria-label="Comparison"
      data-pane=""
      tabIndex={-1}
      className="@container flex h-full min-h-0 flex-col overflow-x-hidden overflow-y-auto bg-panel outline-none"
      onKeyDown={onKeyDown}
    >
      <header className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-2.5 gap-y-1 border-b border-line py-1.5 pr-1.5 pl-3">
        <h2 className="min-w-0 flex-1 truncate font-semibold">Compare two exchanges</h2>
        {view !== null && (
          <Button size="small" onClick={() => setView(null)}>
            Whole streams
          </Button>
        )}
        <Segmented<AxisMode>
          label="Time axis"
          value={mode}
          segments={[
            { value: 'start', label: 'From each start' },
            { value: 'clock', label: 'By the clock' },
          ]}
          onChange={(axis) => {
            setView(null)
            setComparisonAxis(axis)
          }}
        />
        <IconButton size="small" label="Close the comparison" onClick={closeComparison}>
          <X size={14} />
        </IconButton>
      </header>
      {strip(first, 'A')}
      {strip(second, 'B')}
      <div className="flex min-h-0 flex-1 flex-col @min-[44rem]:flex-row">
        <CompareNumbers first={first} second={second} readers={readers} now={now} />
        <div className="min-h-48 min-w-0 flex-1">
          <CompareRows first={first} second={second} readers={readers} />
        </div>
      </div>
    </section>
  )
}

function useLookAtBoth({ first, second }: Comparison): void {
  const [reporter] = useState(() => new LookReporter(lookAt))
  useEffect(() => reporter.see([first, second], [first, second]), [reporter, first, second])
  useEffect(() => () => reporter.stop(), [reporter])
}
