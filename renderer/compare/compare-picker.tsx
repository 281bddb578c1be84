import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { Picker } from '../parts/picker.tsx'
import { useNow } from '../state/clock.ts'
import { gatewayStore } from '../state/gateway-store.ts'
import { openComparison, pickComparison, useView } from '../state/view-store.ts'
import { exchangeLabel, formatClock } from '../text.ts'

/** Picks the exchange that another one is compared with; those of the same request come first. */
export function ComparePicker() {
  const id = useView((view) => view.comparedId)
  const now = useNow(false)
  const { exchanges } = gatewayStore.getState()
  const first = id === null ? undefined : exchanges.get(id)
  if (!first) return null
  const others = [...exchanges.values()].filter((exchange) => exchange.id !== first.id).toReversed()
  const isAlike = ({ method, target }: Exchange) => method === first.method && target === first.target
  const itemOf = (exchange: Exchange) => ({
    id: String(exchange.id),
    label: `${exchange.method} ${exchange.target} at ${formatClock(exchange.startedAt)}`,
    detail: exchangeLabel(exchange, now).words,
    run: () => openComparison(first.id, exchange.id),
  })
  const groups = [
    { value: 'Same request', items: others.filter(isAlike).map(itemOf) },
    { value: 'Others', items: others.filter((exchange) => !isAlike(exchange)).map(itemOf) },
  ].filter(({ items }) => items.length > 0)
  return (
    <Picker
      title={`Compare ${first.method} ${first.target} with`}
      placeholder={`Compare ${first.method} ${first.target} with…`}
      groups={groups}
      onClose={() => pickComparison(null)}
    />
  )
}
