/** Characters as ranges of UTF-16 units, in order and apart: from, to, from, to, … */
export type CharSet = readonly number[]

const lastUnit = 0xffff

export const digits: CharSet = [0x30, 0x39]
export const wordCharacters: CharSet = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a]
export const spaces: CharSet = unite([
  [0x09, 0x0d, 0x20, 0x20, 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x205f, 0x205f, 0x3000, 0x3000],
  [0xfeff, 0xfeff],
])
/** What a dot stands for: anything but a line's end. */
export const anyInLine: CharSet = invert([0x0a, 0x0a, 0x0d, 0x0d, 0x2028, 0x2029])

/** All characters of some sets. */
export function unite(sets: readonly CharSet[]): CharSet {
  const ranges: (readonly [number, number])[] = []
  for (const set of sets) for (let index = 0; index < set.length; index += 2) ranges.push([set[index] ?? 0, set[index + 1] ?? 0])
  ranges.sort((one, other) => one[0] - other[0])
  const united: number[] = []
  for (const [from, to] of ranges) {
    const end = united.at(-1)
    if (end !== undefined && from <= end + 1) united[united.length - 1] = Math.max(end, to)
    else united.push(from, to)
  }
  return united
}

/** All characters that are not in a set. */
export function invert(set: CharSet): CharSet {
  const inverted: number[] = []
  let next = 0
  for (let index = 0; index < set.length; index += 2) {
    const from = set[index] ?? 0
    if (from > next) inverted.push(next, from - 1)
    next = (set[index + 1] ?? 0) + 1
  }
  if (next <= lastUnit) inverted.push(next, lastUnit)
  return inverted
}

/** A set with each of its letters in both cases. */
export function withBothCases(set: CharSet): CharSet {
  const extra: number[] = []
  for (let index = 0; index < set.length; index += 2) {
    for (let unit = set[index] ?? 0; unit <= (set[index + 1] ?? 0); unit++) {
      const character = String.fromCharCode(unit)
      for (const other of [character.toLowerCase(), character.toUpperCase()]) {
        if (other !== character && other.length === 1) extra.push(other.charCodeAt(0), other.charCodeAt(0))
      }
    }
  }
  return extra.length === 0 ? set : unite([set, extra])
}

export function contains(set: CharSet, unit: number): boolean {
  for (let index = 0; index < set.length; index += 2) if (unit >= (set[index] ?? 0) && unit <= (set[index + 1] ?? 0)) return true
  return false
}
