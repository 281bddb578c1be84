import { useState } from 'react'
import { routeLabel, type Route } from '../../proxy-core/contract/route.ts'
import { Button } from '../parts/button.tsx'
import { Picker } from '../parts/picker.tsx'
import { useGateway } from '../state/gateway-store.ts'
import { throughRoute } from './through-route.ts'
import type { RequestDraft } from './request-draft.ts'

/** The button that makes a request one that a route takes. */
export function RoutePicker({ draft, onPick }: { draft: RequestDraft; onPick: (patch: Partial<RequestDraft>) => void }) {
  const routes = useGateway((view) => view.routes)
  const [isOpen, setIsOpen] = useState(false)
  const usable = routes.filter(({ enabled }) => enabled)
  if (usable.length === 0) return null
  const items = usable.map((route) => ({
    id: route.id,
    label: routeLabel(route),
    detail: <span className="font-mono">{placeOf(route)}</span>,
    run: () => onPick(throughRoute(draft, route)),
  }))
  return (
    <>
      <Button size="small" look="ghost" className="-mr-2 shrink-0" onClick={() => setIsOpen(true)}>
        Through a route…
      </Button>
      {isOpen && (
        <Picker
          title="Send through a route"
          placeholder="Find a route"
          groups={[{ value: 'Fills in the path, and the host and method that the route asks for', items }]}
          onClose={() => setIsOpen(false)}
        />
      )}
    </>
  )
}

function placeOf({ match: { hosts, path } }: Route): string {
  return `${hosts[0] ?? ''}${path}`
}
