import type { ReactNode } from 'react'
import { HistoryButton } from '../history/history-button.tsx'
import { useGateway } from '../state/gateway-store.ts'
import { formatBytes, formatCount, formatRate, plural } from '../text.ts'
import { CaptureBudget, CaptureSwitch } from './capture-switch.tsx'

/** The bottom of the window: the numbers of the whole gateway. */
export function StatusBar() {
  const totals = useGateway((view) => view.totals)
  return (
    <footer className="flex h-[1.625rem] shrink-0 items-center gap-[1.125rem] overflow-hidden border-t border-line bg-panel px-3 text-12 whitespace-nowrap text-mute">
      <span>
        <Number>{formatCount(totals.open)}</Number> {totals.open === 1 ? 'open stream' : 'open streams'}
      </span>
      <span>
        <Number>{formatRate(totals.eventsPerSecond)}</Number> events/s
      </span>
      <span className={totals.heldBytes > 0 ? 'text-held' : undefined}>
        {totals.heldBytes > 0 ? `${formatBytes(totals.heldBytes)} held` : 'nothing held'}
      </span>
      <span className="flex-1" />
      <span className="-mr-1 flex shrink-0 items-center gap-2">
        <CaptureSwitch />
        <CaptureBudget />
        <HistoryButton />
      </span>
      <Forgotten rows={totals.forgottenRows} exchanges={totals.forgottenExchanges} />
    </footer>
  )
}

function Number({ children }: { children: ReactNode }) {
  return <b className="font-medium text-text">{children}</b>
}

/** What went to make room; where the bar is narrow, said only when something did. */
function Forgotten({ rows, exchanges }: { rows: number; exchanges: number }) {
  if (rows === 0 && exchanges === 0) return <span className="max-[48rem]:hidden">nothing forgotten</span>
  const parts = [rows > 0 ? plural(rows, 'row') : '', exchanges > 0 ? plural(exchanges, 'exchange') : '']
  const words = `${parts.filter(Boolean).join(' and ')} forgotten`
  return (
    <span className="min-w-0 truncate" title={words}>
      {words}
    </span>
  )
}
