import type { Timeline } from '../../proxy-core/contract/rows.ts'
import { PacedAsk } from './paced-ask.ts'
import type { TimeSpan } from './strip-view.ts'

const leastMsBetween = 80
/** Columns asked for beyond both sides, so that a moving strip does not run out of them between two answers. */
const marginColumns = 24

/** What is asked of a timeline. */
export interface TimelineAsk extends TimeSpan {
  readonly columns: number
}

/** What the strip shows, and a stamp that changes when the exchange has more to show. */
export interface StripSeen extends TimeSpan {
  readonly columns: number
  readonly stamp: string
}

/** Keeps the timeline that the strip needs, asking at most 12 times a second and only when there is more to know. */
export class TimelineReader {
  readonly #asks: PacedAsk<TimelineAsk & { readonly stamp: string }, Timeline>
  readonly #take: (timeline: Timeline) => void
  #timeline: Timeline | null = null
  #askMs = 0
  #stamp = ''

  constructor(fetchTimeline: (ask: TimelineAsk) => Promise<Timeline>, take: (timeline: Timeline) => void) {
    this.#take = take
    this.#asks = new PacedAsk({
      ask: ({ from, to, columns }) => fetchTimeline({ from, to, columns }),
      leastMsBetween,
      take: (timeline, { stamp, from, to, columns }) => {
        this.#timeline = timeline
        this.#stamp = stamp
        this.#askMs = (to - from) / columns
        this.#take(timeline)
      },
      // The exchange was forgotten meanwhile; what is drawn stays until the window learns of it.
      fail: () => undefined,
    })
  }

  get timeline(): Timeline | null {
    return this.#timeline
  }

  see({ from, to, columns, stamp }: StripSeen): void {
    const columnMs = (to - from) / columns
    const isCovered = this.#timeline !== null && this.#timeline.from <= from && this.#timeline.to >= to
    const isFineEnough = this.#askMs > 0 && columnMs > this.#askMs * 0.8 && columnMs < this.#askMs * 1.25
    if (isCovered && isFineEnough && stamp === this.#stamp) return
    // Whole columns since the epoch: two answers then thin the same rows alike, and nothing flickers where traffic is dense.
    const first = Math.floor(from / columnMs) - marginColumns
    const last = Math.ceil(to / columnMs) + marginColumns
    this.#asks.want({ from: first * columnMs, to: last * columnMs, columns: Math.min(8192, last - first), stamp })
  }

  start(): void {
    this.#asks.resume()
  }

  stop(): void {
    this.#asks.stop()
  }
}
