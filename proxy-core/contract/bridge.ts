import type { Reply } from './errors.ts'

/** What the preload script offers the window as `window.sluice`; it knows no command by name, so it never changes. */
export interface Bridge {
  command(name: string, input: unknown): Promise<Reply<unknown>>
  /** Asks for a feed. Its port arrives as a `message` event whose data is `feedPortMessage`, once per call. */
  openFeed(): void
}

/** The data of the `message` event that carries a feed's port into the window. */
export const feedPortMessage = 'sluice:feed'
