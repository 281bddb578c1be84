import type { RecordedBody } from './exchange-record.ts'

/** What a tap is told of the body that it watches. */
export interface TapOptions {
  /** Of an encoded body: its codings, in the order in which they were applied. */
  readonly codings?: readonly string[]
  /** Told when its rows are found, some time after their bytes arrived. */
  readonly onDecoded?: () => void
  /** Whose body it is. */
  readonly owner?: { readonly isPinned: boolean }
  /** It is not live: what is recorded of it is going to be fed. */
  readonly recorded?: RecordedBody | null
}

/** Nobody's in particular. */
export const unpinned = { isPinned: false }
