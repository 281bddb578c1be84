import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { Button } from '../parts/button.tsx'
import { useGateway } from '../state/gateway-store.ts'
import { selectExchange } from '../state/view-store.ts'
import { formatDuration } from '../text.ts'
import { visibleLine } from './visible-text.ts'

/** Says that a stream goes on from an earlier one, and leads there. */
export function ReconnectLine({ exchange: { lastEventId, reconnectOf } }: { exchange: Exchange }) {
  const isBeforeHere = useGateway(({ exchanges }) => reconnectOf !== undefined && exchanges.get(reconnectOf.id) !== undefined)
  if (lastEventId === undefined) return null
  const from = lastEventId === '' ? 'an empty id' : `id ${visibleLine(lastEventId)}`
  const words = reconnectOf ? `Reconnect after ${formatDuration(reconnectOf.afterMs)} from ${from}` : `Goes on from ${from}`
  return (
    <p className="flex min-h-7 items-center gap-2 border-t border-line bg-bg px-3 py-0.5 text-12 text-mute">
      <span className="min-w-0 truncate" title={words} data-selectable="">
        {words}
      </span>
      {reconnectOf && isBeforeHere && (
        <Button size="small" look="ghost" onClick={() => selectExchange(reconnectOf.id)}>
          Show the stream before
        </Button>
      )}
    </p>
  )
}
