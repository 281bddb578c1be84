import type { RowBounds } from './row-index.ts'
import { decodeEvent, impliedType } from './sse/decode-event.ts'
import { messageText } from './web-socket/message-text.ts'

/** The texts of a row that a pattern is tried on, each by itself: id, type, data and comments, or the line, chunk or message. */
export function searchableText(row: Pick<RowBounds, 'type' | 'message'>, bytes: Buffer): readonly string[] {
  const { type } = row
  if (type === 'line' || type === 'chunk') return [bytes.toString('utf8').replace(/\r?\n$/, '')]
  if (type === 'message') return [...messageWords(row), ...(row.message ? [messageText(row.message, bytes)] : [])]
  const event = decodeEvent(bytes)
  const texts = [event.data, event.id ?? '', ...event.comments]
  // An event has a type even where it names none, and is shown with it; a comment has not.
  return type === 'event' || event.type !== impliedType ? [...texts, event.type] : texts
}

/** What is found of a message beside its text: its type, unless it is the one that most have. */
export function messageWords({ message }: Pick<RowBounds, 'message'>): readonly string[] {
  if (!message?.opcode || message.opcode === 'text') return []
  return message.closeCode === null ? [message.opcode] : [message.opcode, String(message.closeCode)]
}
