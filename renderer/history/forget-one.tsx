import { Confirm } from '../parts/confirm.tsx'
import { useGateway } from '../state/gateway-store.ts'
import { askToForget, useView } from '../state/view-store.ts'
import { forgetForGood } from './history-actions.ts'

/** Asks before an exchange is forgotten here and on disk. */
export function ForgetOne() {
  const id = useView((view) => view.forgettingId)
  const exchange = useGateway((view) => (id === null ? undefined : view.exchanges.get(id)))
  if (!exchange) return null
  return (
    <Confirm
      title="Forget this exchange for good?"
      action="Forget"
      onConfirm={() => forgetForGood(exchange.id)}
      onClose={() => askToForget(null)}
    >
      <p className="font-mono text-12 break-all">
        {exchange.method} {exchange.target}
      </p>
      <p>It leaves the list, and no byte of it stays in the file on disk.</p>
    </Confirm>
  )
}
