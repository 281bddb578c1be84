import type { Exchange, ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { invoke } from '../gateway.ts'
import { showToast } from '../parts/toast.tsx'
import { reportRefusal } from '../routes/route-actions.ts'
import { gatewayStore } from '../state/gateway-store.ts'
import { plural } from '../text.ts'

/** Keeps an exchange from being forgotten or cleared, or no longer. */
export function togglePin({ id, isPinned }: Pick<Exchange, 'id' | 'isPinned'>): void {
  invoke('exchange.pin', { id, isPinned: !isPinned }).catch(reportRefusal)
}

/** Forgets the exchanges that have ended; those that are pinned stay. */
export function clearEnded(): void {
  const isGoing = ({ state, isPinned }: Exchange) => state !== 'open' && !isPinned
  const count = [...gatewayStore.getState().exchanges.values()].filter(isGoing).length
  invoke('exchanges.clear', {}).then(() => showToast({ title: `Cleared ${plural(count, 'ended exchange')}` }), reportRefusal)
}

/** Forgets the exchanges that have ended, and what the open ones have captured so far; those that are pinned stay. */
export function clearAll(): void {
  invoke('exchanges.clear', { withOpen: true }).then(
    () => showToast({ title: 'Cleared all that was captured and is not pinned' }),
    reportRefusal,
  )
}

/** Forgets the ended exchanges that the filter hides. */
export function clearHidden(shown: readonly Exchange[]): void {
  const kept = new Set<ExchangeId>(shown.map(({ id }) => id))
  const ids = [...gatewayStore.getState().exchanges.values()].flatMap(({ id }) => (kept.has(id) ? [] : [id]))
  invoke('exchanges.clear', { ids }).then(() => showToast({ title: 'Cleared what the filter hides' }), reportRefusal)
}

export function clearOne(id: ExchangeId): void {
  invoke('exchanges.clear', { ids: [id] }).catch(reportRefusal)
}

/** Ctrl+Shift+Del, or with Cmd, clears the ended exchanges wherever the focus is. */
export function clearByKey(event: KeyboardEvent): void {
  if (event.key !== 'Delete' || !event.shiftKey || !(event.ctrlKey || event.metaKey)) return
  event.preventDefault()
  clearEnded()
}
