import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { EmptyState } from '../parts/empty-state.tsx'
import { useGateway } from '../state/gateway-store.ts'
import { errorLine, formatAge } from '../text.ts'
import { useNow } from '../state/clock.ts'
import { rowNouns } from './event-columns.ts'

/** Says why there are no rows to see, and what to do next. */
export function NoEvents({ exchange, clearedRows, isPaused }: { exchange: Exchange; clearedRows: number; isPaused: boolean }) {
  const { state, error, rows, rowKind, status, startedAt, respondedAt } = exchange
  const noun = rowNouns[rowKind ?? 'event'].one
  const now = useNow(state === 'open', 200)
  const isCaptured = useGateway((view) => view.routes.find((route) => route.id === exchange.routeId)?.capture.enabled ?? true)

  if (isPaused) return <EmptyState title="Paused">The view is frozen as it was; capture goes on. Resume to see what came since.</EmptyState>
  if (clearedRows > 0)
    return (
      <EmptyState title="The view was cleared">
        {state === 'open' ? `The next ${noun} appears here.` : 'Undo brings the rows back.'}
      </EmptyState>
    )
  if (state === 'failed' && error) {
    return (
      <EmptyState title={sentence(errorLine(error))}>
        {restOf(error.message)}{' '}
        {status === null ? 'No response came from the upstream.' : 'Nothing of a response body came from the upstream.'} The headers tab
        shows what was sent; the menu above sends it again.
      </EmptyState>
    )
  }
  if (!isCaptured && rows === 0)
    return (
      <EmptyState title="Capture is off for this route">
        Bytes pass and are counted, and nothing of them is kept. Switch capture on in the route.
      </EmptyState>
    )
  if (state === 'open' && rows > 0)
    return (
      <EmptyState title={`The ${noun}s so far are no longer kept`}>
        They were cleared, or the oldest when the capture budget was full. The next {noun} appears here.
      </EmptyState>
    )
  if (state === 'open') {
    return respondedAt === null ? (
      <EmptyState title="Waiting for the upstream">
        The request was sent {formatAge(now - startedAt)} ago and has not been answered yet.
      </EmptyState>
    ) : (
      <EmptyState title={`Waiting for the first ${noun}`}>
        {rowKind === 'message'
          ? `The WebSocket was opened ${formatAge(now - respondedAt)} ago, and nobody has said anything yet.`
          : `The upstream answered ${formatAge(now - respondedAt)} ago with ${status}; its body has not begun.`}
      </EmptyState>
    )
  }
  if (state === 'aborted')
    return (
      <EmptyState title="The client left">It was gone before the first {noun} came. The timing tab shows how long it waited.</EmptyState>
    )
  if (rows > 0)
    return (
      <EmptyState title={`These ${noun}s are no longer kept`}>
        They were cleared, or the oldest when the capture budget was full. A larger budget is chosen at the bottom of the window; a pinned
        exchange stays.
      </EmptyState>
    )
  if (rowKind === 'message')
    return <EmptyState title="No messages">The WebSocket was opened and closed, and nobody said anything.</EmptyState>
  return <EmptyState title="No body">The response had none, or an empty one. The headers tab shows what came.</EmptyState>
}

/** What a message says after its first sentence, which is the title here. */
function restOf(message: string): string {
  return /[.?!]\s+(.*)$/s.exec(message)?.[1] ?? ''
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
