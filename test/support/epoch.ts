/** Now, in epoch milliseconds with a fraction: comparable across processes, finer than Date.now(). */
export function epochMs(): number {
  return performance.timeOrigin + performance.now()
}
