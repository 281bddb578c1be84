import type { LiveExchange } from './live-exchange.ts'

/** As long as bytes must wait for a client to be called slow. */
const everyMs = 1000
const watched = new WeakSet<LiveExchange>()

/** Has an exchange told once a second while its client takes nothing: nothing else of it moves then, and its verdict does. */
export function tellWhileBlocked(exchange: LiveExchange): void {
  if (watched.has(exchange)) return
  watched.add(exchange)
  const look = (): void => {
    if (!exchange.isOpen || !exchange.evidence.isBlocked) return void watched.delete(exchange)
    exchange.touch()
    setTimeout(look, everyMs).unref()
  }
  setTimeout(look, everyMs).unref()
}
