/** What a key does in a list. */
export type ListMove = 'next' | 'previous' | 'page-down' | 'page-up' | 'first' | 'last' | 'open' | 'close'

/** The move that a key press asks for; null for a key that the list leaves alone. */
export function listMove({
  key,
  ctrlKey,
  metaKey,
  altKey,
}: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): ListMove | null {
  return ctrlKey || metaKey || altKey ? null : (moves.get(key) ?? null)
}

/** The row that a move leads to, of `count` rows; from no selection, the first or the last. */
export function rowAfterMove(
  move: ListMove,
  selected: number | null,
  { count, pageRows }: { count: number; pageRows: number },
): number | null {
  if (count === 0) return null
  const last = count - 1
  const from = selected === null ? null : Math.min(selected, last)
  switch (move) {
    case 'next':
      return from === null ? 0 : Math.min(last, from + 1)
    case 'previous':
      return from === null ? last : Math.max(0, from - 1)
    case 'page-down':
      return Math.min(last, (from ?? 0) + pageRows)
    case 'page-up':
      return Math.max(0, (from ?? last) - pageRows)
    case 'first':
      return 0
    case 'last':
      return last
    case 'open':
    case 'close':
      return selected
    default:
      return move satisfies never
  }
}

const moves: ReadonlyMap<string, ListMove> = new Map([
  ['j', 'next'],
  ['ArrowDown', 'next'],
  ['k', 'previous'],
  ['ArrowUp', 'previous'],
  ['PageDown', 'page-down'],
  ['PageUp', 'page-up'],
  ['Home', 'first'],
  ['End', 'last'],
  ['Enter', 'open'],
  ['Escape', 'close'],
])
