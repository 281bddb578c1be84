import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import type { HistoryHit, HistorySettings } from '../../proxy-core/contract/history.ts'
import { invoke } from '../gateway.ts'
import { showToast } from '../parts/toast.tsx'
import { reportRefusal } from '../routes/route-actions.ts'
import { openHistory, revealRow, selectExchange, setDetailTab } from '../state/view-store.ts'

/** Switches the history, or changes its limits; kept in the config. */
export function setHistory(settings: HistorySettings): void {
  invoke('history.set', settings).catch(reportRefusal)
}

/** Opens the exchange of a hit at its row. */
export function openHit({ key, id, row }: HistoryHit): void {
  const listed = id === null ? invoke('history.list', { key }) : Promise.resolve(id)
  listed.then((exchangeId) => {
    openHistory(false)
    setDetailTab('events')
    selectExchange(exchangeId)
    revealRow({ exchangeId, row })
  }, reportRefusal)
}

/** Forgets an exchange here and on disk, for good. */
export function forgetForGood(id: ExchangeId): void {
  invoke('history.forget', { ids: [id] }).then(() => showToast({ title: 'Forgotten, and gone from the file on disk' }), reportRefusal)
}

/** Forgets all that is on disk, for good. */
export function forgetHistory(): void {
  invoke('history.forgetAll').then(() => showToast({ title: 'The history on disk is forgotten' }), reportRefusal)
}
