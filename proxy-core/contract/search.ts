import { z } from 'zod'

/** What is looked for in the rows of a stream: in their id, type, data and comments; of a WebSocket also by direction alone. */
export const RowQuery = z
  .strictObject({
    text: z.string().max(300),
    /** The text is a regular expression. */
    isPattern: z.boolean(),
    matchesCase: z.boolean(),
    /** Finds only messages that go this way. */
    direction: z.enum(['toUpstream', 'toClient']).optional(),
  })
  .refine(({ text, direction }) => text !== '' || direction !== undefined, { error: 'Say what to look for.', path: ['text'] })
export type RowQuery = z.output<typeof RowQuery>

/** How far a search has come, and a page of what it found. */
export interface SearchReport {
  /** Indexes of rows that match, rising; the first of them is number `from` of all matches. */
  readonly matches: Uint32Array
  readonly from: number
  /** Matches so far. Those before number `first` were forgotten with their rows. */
  readonly total: number
  readonly first: number
  /** Rows that have been searched: from the first that was kept up to this one. */
  readonly searchedTo: number
  readonly rows: number
  /** Rows so long that only their beginning was searched. */
  readonly cutRows: number
}
