import type { RetryInForce, Unterminated } from './contract/rows.ts'
import type { RowSource } from './row-source.ts'
import { decodeEvent } from './sse/decode-event.ts'
import type { Tap } from './tap.ts'

const previewBytes = 512
/** How far back a `retry` field is looked for. */
const retryRows = 1000
const retryBytes = 1_048_576
const longestRow = 65_536

/** What an ended body ends in without an end of its own; null while it goes on, and when it ends as it should. */
export function readUnterminated(tap: Tap): Unterminated | null {
  if (tap.pending !== null) return unterminated(tap, 'event', tap.pending)
  const last = tap.rows > 0 ? tap.row(tap.rows - 1) : null
  if (last?.type !== 'line' || !tap.isWhole(last.start, last.end) || tap.read(last.end - 1, last.end)[0] === LF) return null
  return unterminated(tap, 'line', last)
}

/** Whether a row is the first of a body that starts with a byte order mark. */
export function followsBom(tap: RowSource, index: number): boolean {
  return index === 0 && tap.read(0, byteOrderMark.length).equals(byteOrderMark)
}

/** The reconnection time after a row; only so many rows are looked at that it takes no time. */
export function readRetryInForce(tap: RowSource, from: number): RetryInForce | null {
  let left = retryBytes
  for (let index = from; index >= Math.max(0, from - retryRows) && left > 0; index--) {
    const bounds = tap.row(index)
    // What is not known of a row before may be a `retry` of its own.
    if (!bounds || !tap.isWhole(bounds.start, bounds.end)) return null
    const bytes = tap.read(bounds.start, Math.min(bounds.end, bounds.start + longestRow))
    left -= bytes.length
    if (!bytes.includes('retry')) continue
    const { retryMs } = decodeEvent(bytes, { isFirst: bounds.start === 0 })
    if (retryMs !== null) return { retryMs, index }
  }
  return null
}

const LF = 10
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

function unterminated(tap: Tap, type: 'event' | 'line', { start, end }: { start: number; end: number }): Unterminated {
  const preview = tap.read(start, Math.min(end, start + previewBytes)).toString('utf8')
  return { type, bytes: end - start, preview }
}
