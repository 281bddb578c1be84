import { useEffect } from 'react'
import { routeLabel } from '../../proxy-core/contract/route.ts'
import { Button } from '../parts/button.tsx'
import { StateDot } from '../parts/state-dot.tsx'
import { useGateway } from '../state/gateway-store.ts'
import { forgetDemo, stopDemo, useDemoStream } from './demo.ts'

/** While the demo stream runs: what is to be seen, what to do next, and how to end it. */
export function DemoBar() {
  const stream = useDemoStream()
  const route = useGateway((view) => view.routes.find((candidate) => candidate.id === stream?.routeId))
  const exchangeId = stream?.exchangeId ?? null
  const isHeld = useGateway((view) => exchangeId !== null && (view.exchanges.get(exchangeId)?.heldBytes ?? 0) > 0)
  const hasEnded = useGateway((view) => exchangeId !== null && view.exchanges.get(exchangeId)?.state !== 'open')

  useEffect(() => {
    if (hasEnded) forgetDemo()
  }, [hasEnded])

  if (!route) return null
  return (
    <output className="flex min-h-9 shrink-0 items-center gap-2.5 border-b border-line bg-panel px-3 py-1">
      <StateDot state={isHeld ? 'held' : 'live'} />
      <span className="min-w-0 flex-1">{nextStep(routeLabel(route), route.buffering.response === 'on', isHeld)}</span>
      <Button size="small" onClick={stopDemo}>
        Stop the demo stream
      </Button>
    </output>
  )
}

function nextStep(label: string, isOn: boolean, isHeld: boolean): string {
  if (isHeld)
    return `Held here: the client waits while the upstream goes on sending. Switch ${label} back to Off, and everything arrives at once.`
  if (isOn) return 'Buffering is on: the next events stay here until enough of them are held.'
  return `The demo sends one event a second, and each passes as it comes. Now switch ${label} to On.`
}
