/**
 * Carries the step from `before` to `after` over into `original`, line by line.
 * `before` is `original` in a machine's formatting: where a line of it is untouched or only moved, the hand-written line stays as it is.
 */
export function carryChange(original: readonly string[], before: readonly string[], after: readonly string[]): string[] {
  const toOriginal = matchLines(before, original, bareWords)
  const toAfter = matchLines(before, after, (line) => line)
  const anchors = before.flatMap((_, index) => {
    const inOriginal = toOriginal.get(index)
    const inAfter = toAfter.get(index)
    return inOriginal === undefined || inAfter === undefined ? [] : [{ index, inOriginal, inAfter }]
  })
  const result: string[] = []
  let from = { index: -1, inOriginal: -1, inAfter: -1 }
  for (const to of [...anchors, { index: before.length, inOriginal: original.length, inAfter: after.length }]) {
    const changed = after.slice(from.inAfter + 1, to.inAfter)
    const isUntouched = sameLines(changed, before.slice(from.index + 1, to.index))
    result.push(
      ...(isUntouched ? original.slice(from.inOriginal + 1, to.inOriginal) : byHand(changed, from.index, { toOriginal, before, original })),
    )
    const line = original[to.inOriginal]
    if (line !== undefined) result.push(line)
    from = to
  }
  return result
}

interface HandWriting {
  readonly toOriginal: ReadonlyMap<number, number>
  readonly before: readonly string[]
  readonly original: readonly string[]
}

/** Changed lines as the hand that wrote the file would write them: a moved line as it was, a new one indented like its neighbours. */
function byHand(changed: readonly string[], at: number, hand: HandWriting): string[] {
  let previous = -1
  return changed.flatMap((line) => {
    if (line.trim() === '') return ['']
    const isThere = (index: number) => hand.before[index] === line
    const moved = isThere(previous + 1) ? previous + 1 : hand.before.findIndex((_, index) => isThere(index))
    previous = moved
    return asWritten(moved, hand) ?? [' '.repeat(handIndent(indentOf(line), at, hand)) + line.trimStart()]
  })
}

/** What the hand wrote for one line of the machine: a line, or the lines between the matched neighbours. */
function asWritten(index: number, { toOriginal, original }: HandWriting): readonly string[] | undefined {
  const line = toOriginal.get(index)
  if (line !== undefined) return original.slice(line, line + 1)
  const above = toOriginal.get(index - 1)
  const below = toOriginal.get(index + 1)
  return above === undefined || below === undefined ? undefined : original.slice(above + 1, below)
}

/** How far the hand indents what the machine indents by `indent`, as seen on the nearest matched line above, or else below. */
function handIndent(indent: number, at: number, hand: HandWriting): number {
  for (let level = indent; level > 0; level--) {
    const isSibling = (line: string, index: number) => line.trim() !== '' && indentOf(line) === level && hand.toOriginal.has(index)
    const above = hand.before.slice(0, at + 1).findLastIndex(isSibling)
    const sibling = above >= 0 ? above : hand.before.findIndex(isSibling)
    const line = hand.original[hand.toOriginal.get(sibling) ?? -1]
    if (line !== undefined) return indentOf(line) + indent - level
  }
  return indent
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}

/** Spaces and quotes are a matter of style. */
function bareWords(line: string): string {
  return line.replace(/[\s'"]+/g, '')
}

function sameLines(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((line, index) => line === right[index])
}

/** Beyond so many differences two texts count as unlike: the search grows with their square. */
const maxDifferences = 1500

/** Which line of `left` is which line of `right`: a longest common subsequence (Myers, "An O(ND) difference algorithm", 1986). */
function matchLines(left: readonly string[], right: readonly string[], key: (line: string) => string): Map<number, number> {
  const a = left.map(key)
  const b = right.map(key)
  const trail: Map<number, number>[] = []
  const reach = new Map<number, number>([[1, 0]])
  for (let cost = 0; cost <= Math.min(a.length + b.length, maxDifferences); cost++) {
    trail.push(new Map(reach))
    for (let diagonal = -cost; diagonal <= cost; diagonal += 2) {
      let x = startOf(reach, diagonal, cost)
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++
      reach.set(diagonal, x)
      if (x >= a.length && x - diagonal >= b.length) return walkBack(trail, a.length, b.length)
    }
  }
  return new Map()
}

function startOf(reach: ReadonlyMap<number, number>, diagonal: number, cost: number): number {
  return isDown(reach, diagonal, cost) ? (reach.get(diagonal + 1) ?? 0) : (reach.get(diagonal - 1) ?? 0) + 1
}

function isDown(reach: ReadonlyMap<number, number>, diagonal: number, cost: number): boolean {
  return diagonal === -cost || (diagonal !== cost && (reach.get(diagonal - 1) ?? 0) < (reach.get(diagonal + 1) ?? 0))
}

function walkBack(trail: readonly ReadonlyMap<number, number>[], endX: number, endY: number): Map<number, number> {
  const matches: [number, number][] = []
  let x = endX
  let y = endY
  for (let cost = trail.length - 1; cost >= 0; cost--) {
    const reach = trail[cost]
    if (!reach) break
    const diagonal = x - y
    const from = isDown(reach, diagonal, cost) ? diagonal + 1 : diagonal - 1
    const fromX = cost === 0 ? 0 : (reach.get(from) ?? 0)
    const fromY = cost === 0 ? 0 : fromX - from
    while (x > fromX && y > fromY) matches.push([--x, --y])
    x = fromX
    y = fromY
  }
  return new Map(matches.reverse())
}
