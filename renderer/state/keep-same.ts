/** The values of `after`, and where one says the same as that of the same id before, the one before: so that what shows it is not rendered again. */
export function keepSame<T extends { readonly id: string }>(before: readonly T[], after: readonly T[]): readonly T[] {
  const known = new Map(before.map((value) => [value.id, value]))
  return after.map((value) => {
    const last = known.get(value.id)
    return last !== undefined && isSame(last, value) ? last : value
  })
}

/** Whether two pieces of plain data say the same. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const entries = Object.entries(one)
  const others = other as Readonly<Record<string, unknown>>
  return entries.length === Object.keys(other).length && entries.every(([key, value]) => key in others && isSame(value, others[key]))
}
