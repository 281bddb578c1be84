import { useSyncExternalStore } from 'react'
import { gatewayStore, type GatewayView } from '../state/gateway-store.ts'

/**
 * Reads the gateway's report for text that moves all the time: after a quiet moment a change shows at once, and then every
 * `leastMsBetween` at most. Text that changes more often is not read, and each round costs the page a layout.
 */
export function usePacedGateway<T>(select: (view: GatewayView) => T, leastMsBetween: 50 | 100): T {
  return useSyncExternalStore(subscribers[leastMsBetween], () => select(gatewayStore.getState()))
}

const subscribers = { 50: pacedSubscriber(50), 100: pacedSubscriber(100) } as const

function pacedSubscriber(leastMsBetween: number): (listener: () => void) => () => void {
  return (listener) => {
    let timer: ReturnType<typeof setTimeout> | null = null
    let isBehind = false
    const tell = () => {
      isBehind = false
      listener()
      timer = setTimeout(() => {
        timer = null
        if (isBehind) tell()
      }, leastMsBetween)
    }
    const stop = gatewayStore.subscribe(() => {
      if (timer === null) tell()
      else isBehind = true
    })
    return () => {
      stop()
      if (timer !== null) clearTimeout(timer)
    }
  }
}
