import type { Unterminated } from '../contract/rows.ts'
import type { MessageLog } from './message-log.ts'
import { hexWords } from './message-text.ts'

const previewBytes = 32

/** The message in the middle of which a direction ends; null when both end between messages, or can't be told. */
export function readUnfinished(log: MessageLog): Unterminated | null {
  for (const direction of ['toClient', 'toUpstream'] as const) {
    const unfinished = log.unfinished(direction)
    if (unfinished === null) continue
    const { start, bytes } = unfinished
    const preview = log.sideSource(direction).readWire(start, start + Math.min(bytes, previewBytes))
    return { type: 'message', bytes, preview: hexWords(preview), direction }
  }
  return null
}
