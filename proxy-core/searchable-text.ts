import type { RowType } from './row-index.ts'
import { decodeEvent } from './sse/decode-event.ts'

/** The texts of a row that a pattern is tried on, each by itself: id, type, data and comments, or the line or chunk. */
export function searchableText(type: RowType, bytes: Buffer): readonly string[] {
  if (type === 'line' || type === 'chunk') return [bytes.toString('utf8').replace(/\r?\n$/, '')]
  const event = decodeEvent(bytes)
  const texts = [event.data, event.id ?? '', ...event.comments]
  // A type that is not named is not there to be found.
  return event.type === 'message' ? texts : [...texts, event.type]
}
