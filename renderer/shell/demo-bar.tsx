import { useEffect, useRef } from 'react'
import { routeLabel } from '../../proxy-core/contract/route.ts'
import { Button } from '../parts/button.tsx'
import { StateDot } from '../parts/state-dot.tsx'
import { useGateway } from '../state/gateway-store.ts'
import { forgetDemo, stopDemo, useDemo } from './demo.ts'

/** While the demo stream runs: what is to be seen, what to do next, and how to end it. */
export function DemoBar() {
  const routeId = useDemo((demo) => demo.routeId)
  const route = useGateway((view) => view.routes.find((candidate) => candidate.id === routeId))
  const totals = useGateway((view) => (route ? view.routeTotals.get(route.id) : undefined))
  const open = totals?.open ?? 0
  const wasOpen = useRef(false)

  useEffect(() => {
    if (open > 0) wasOpen.current = true
    else if (wasOpen.current) {
      wasOpen.current = false
      forgetDemo()
    }
  }, [open])

  if (!route) return null
  const label = routeLabel(route)
  const isHeld = (totals?.heldBytes ?? 0) > 0
  return (
    <output className="flex min-h-9 shrink-0 items-center gap-2.5 border-b border-line bg-panel px-3 py-1">
      <StateDot state={isHeld ? 'held' : 'live'} />
      <span className="min-w-0 flex-1">{nextStep(label, route.buffering.response === 'on', isHeld)}</span>
      <Button size="small" onClick={stopDemo}>
        Stop the demo stream
      </Button>
    </output>
  )
}

function nextStep(label: string, isOn: boolean, isHeld: boolean): string {
  if (isHeld)
    return `Held here: the client waits while the upstream goes on sending. Switch ${label} back to Off, or press Release now, and everything arrives at once.`
  if (isOn) return 'Buffering is on: the next events stay here until enough of them are held.'
  return `The demo sends one event a second, and each passes as it comes. Now switch ${label} to On.`
}
