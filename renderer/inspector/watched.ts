/** What changes by itself and is drawn by views, as `useSyncExternalStore` takes it. */
export abstract class Watched {
  readonly #listeners = new Set<() => void>()
  #version = 0

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    if (this.#listeners.size === 1) this.watched()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.unwatched()
    }
  }

  /** Counts the changes, for those who draw what is here. */
  readonly version = (): number => this.#version

  protected get isWatched(): boolean {
    return this.#listeners.size > 0
  }

  protected changed(): void {
    this.#version++
    for (const notify of this.#listeners) notify()
  }

  /** The first view draws it. */
  protected watched(): void {}

  /** No view draws it any more. */
  protected unwatched(): void {}
}
