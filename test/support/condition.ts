/** Lets a test wait until something that changes is as it should be, and says what it waited for when that does not come. */
export class Condition {
  readonly #checks = new Set<() => void>()

  /** Tells the waiters that they may look again. */
  changed(): void {
    for (const check of this.#checks) check()
  }

  /** The first value of `probe` that is not null, undefined or false; `probe` may throw to give up. */
  until<T>(probe: () => T, what: () => string, timeoutMs = 10_000): Promise<Exclude<T, null | undefined | false>> {
    const timeout = new Error()
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        timeout.message = `After ${String(timeoutMs)} ms still waiting for ${what()}.`
        finish(() => reject(timeout))
      }, timeoutMs)
      const finish = (settle: () => void) => {
        clearTimeout(timer)
        this.#checks.delete(check)
        settle()
      }
      const check = () => {
        try {
          const value = probe()
          if (value !== null && value !== undefined && value !== false) {
            finish(() => resolve(value as Exclude<T, null | undefined | false>))
          }
        } catch (error) {
          finish(() => reject(error as Error))
        }
      }
      this.#checks.add(check)
      check()
    })
  }
}
