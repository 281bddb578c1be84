import type { ElectronApplication, Page } from 'playwright-core'

/** How the window painted for a while, and what it cost. */
export interface Frames {
  readonly perSecond: number
  readonly longestGapMs: number
  /** Pauses of over 50 ms between two frames. */
  readonly longGaps: number
  readonly mainCpu: number
  readonly windowCpu: number
  readonly memoryMiB: number
}

/** Counts the animation frames of a stretch of time in the page. */
export function measureFrames(window: Page, ms: number): Promise<Pick<Frames, 'perSecond' | 'longestGapMs' | 'longGaps'>> {
  return window.evaluate(
    (forMs) =>
      new Promise((resolve) => {
        let frames = 0
        let longestGapMs = 0
        let longGaps = 0
        const startedAt = performance.now()
        let last = startedAt
        const frame = (at: number): void => {
          const gapMs = at - last
          last = at
          if (frames++ > 0) {
            longestGapMs = Math.max(longestGapMs, gapMs)
            if (gapMs > 50) longGaps++
          }
          if (at - startedAt < forMs) requestAnimationFrame(frame)
          else resolve({ perSecond: (frames * 1000) / (at - startedAt), longestGapMs, longGaps })
        }
        requestAnimationFrame(frame)
      }),
    ms,
  )
}

/** Reads what each of the app's processes has used since it was last read: main with the gateway's thread, and the window. */
export function processCosts(app: ElectronApplication): () => Promise<Pick<Frames, 'mainCpu' | 'windowCpu' | 'memoryMiB'>> {
  return async () => {
    const metrics = await app.evaluate(({ app: electron }) =>
      electron.getAppMetrics().map(({ type, cpu, memory }) => ({ type, cpu: cpu.percentCPUUsage, kibibytes: memory.workingSetSize })),
    )
    const cpuOf = (type: string) => metrics.filter((metric) => metric.type === type).reduce((sum, { cpu }) => sum + cpu, 0)
    const kibibytes = metrics.reduce((sum, metric) => sum + metric.kibibytes, 0)
    return { mainCpu: cpuOf('Browser'), windowCpu: cpuOf('Tab'), memoryMiB: kibibytes / 1024 }
  }
}
