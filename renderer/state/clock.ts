import { useSyncExternalStore } from 'react'
import { gatewayNow } from './gateway-clock.ts'

/** A clock that many parts of the window watch: one timer for all of them, and none while nobody watches. */
class SharedClock {
  readonly #everyMs: number
  readonly #watchers = new Set<() => void>()
  #now = gatewayNow()
  #timer: ReturnType<typeof setInterval> | null = null

  constructor(everyMs: number) {
    this.#everyMs = everyMs
  }

  readonly read = (): number => {
    // While it stands still it is set only now and then, for a reader must get the same time twice in a row.
    if (this.#timer === null && gatewayNow() - this.#now >= this.#everyMs) this.#now = gatewayNow()
    return this.#now
  }

  readonly watch = (notify: () => void): (() => void) => {
    this.#watchers.add(notify)
    this.#timer ??= setInterval(() => this.#tick(), this.#everyMs)
    return () => {
      this.#watchers.delete(notify)
      if (this.#watchers.size > 0 || this.#timer === null) return
      clearInterval(this.#timer)
      this.#timer = null
    }
  }

  #tick(): void {
    this.#now = gatewayNow()
    for (const notify of this.#watchers) notify()
  }
}

const clocks = new Map<number, SharedClock>()

/** The time, ticking every `everyMs` while `isRunning`; otherwise about the time of the last render. */
export function useNow(isRunning: boolean, everyMs = 200): number {
  const clock = clockOf(everyMs)
  return useSyncExternalStore(isRunning ? clock.watch : watchNothing, clock.read)
}

function clockOf(everyMs: number): SharedClock {
  const clock = clocks.get(everyMs) ?? new SharedClock(everyMs)
  clocks.set(everyMs, clock)
  return clock
}

function watchNothing(): () => void {
  return doNothing
}

function doNothing(): void {}
