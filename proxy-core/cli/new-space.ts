import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** V8 has two halves of this size for new objects, and lets them grow to twice of it. */
const mostBytes = 2 * 16 * 1_048_576
const lookEveryMs = 250

/**
 * Keeps V8's space for new objects from growing beyond what is of use here: thousands of streams that open at once make it grow to its
 * end, and it stays so. A thread could be given a limit, but it would cost more per event; so the factor by which the space grows is 1
 * for as long as it is large enough.
 */
export function boundNewSpace(): void {
  let isLarge = false
  setInterval(() => {
    const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
    const isLargeNow = space !== undefined && space.space_size >= mostBytes
    if (isLargeNow === isLarge) return
    isLarge = isLargeNow
    setFlagsFromString(`--semi-space-growth-factor=${isLarge ? 1 : 2}`)
  }, lookEveryMs).unref()
}
