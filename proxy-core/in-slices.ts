const sliceMs = 4

/** Does a long piece of work a step at a time, and lets the traffic through every few milliseconds. A step says whether there is more to do. */
export async function inSlices(step: () => boolean): Promise<void> {
  for (let startedAt = performance.now(); step();) {
    if (performance.now() - startedAt < sliceMs) continue
    await new Promise<void>((resolve) => setImmediate(resolve))
    startedAt = performance.now()
  }
}
