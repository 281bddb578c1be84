import { useEffect, useState } from 'react'
import { routeLabel } from '../../proxy-core/contract/route.ts'
import type { RequestAddress, RequestPlan } from '../../proxy-core/contract/requests.ts'
import { invoke } from '../gateway.ts'
import { PacedAsk } from '../inspector/paced-ask.ts'
import { useGateway } from '../state/gateway-store.ts'
import { requestOf, type RequestDraft } from './request-draft.ts'

/** Says while a request is written where it would go. */
export function RequestWay({ draft }: { draft: RequestDraft }) {
  const plan = usePlan(draft)
  const routes = useGateway((view) => view.routes)
  if (plan === null) return null
  if (plan.type === 'direct') return <>Goes straight to {plan.origin}, by no route.</>
  if (plan.type === 'no-route') return <>No route takes it: the gateway answers 404.</>
  const route = routes.find(({ id }) => id === plan.routeId)
  if (!route) return null
  return (
    <>
      Goes through {routeLabel(route)}, buffering {draft.buffering === 'route' ? route.buffering.response : draft.buffering}.
    </>
  )
}

function usePlan(draft: RequestDraft): RequestPlan | null {
  const [plan, setPlan] = useState<RequestPlan | null>(null)
  const [asks] = useState(
    () =>
      new PacedAsk<RequestAddress, RequestPlan>({
        ask: (address) => invoke('request.plan', address),
        leastMsBetween: 150,
        take: setPlan,
        // What is half written goes nowhere; what is wrong with it is said when it is sent.
        fail: () => setPlan(null),
      }),
  )
  const routes = useGateway((view) => view.routes)
  useEffect(() => {
    asks.resume()
    return () => asks.stop()
  }, [asks])
  useEffect(() => {
    // Another route may take it once the routes have changed.
    void routes
    const { method, url, headers } = requestOf(draft)
    asks.want({ method, url, headers })
  }, [asks, draft, routes])
  return plan
}
