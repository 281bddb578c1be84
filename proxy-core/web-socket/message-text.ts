import { isUtf8 } from 'node:buffer'
import type { MessageMark } from '../contract/messages.ts'

/** Bytes of a message that is no text which its preview shows. */
const previewBytes = 64

/** What a message says: its text, of a close message its reason (RFC 6455 §5.5.1). */
export function messageText({ opcode }: MessageMark, bytes: Buffer): string {
  return (opcode === 'close' ? bytes.subarray(2) : bytes).toString('utf8')
}

/** The beginning of a message in one line: text, or bytes in hex where it is none. */
export function messagePreview(mark: MessageMark, bytes: Buffer): string {
  const isText = mark.opcode === 'text' || mark.opcode === 'close'
  // A preview may end within a character.
  const isBinary = mark.issue === 'not-inflated' || (!isText && (mark.opcode === 'binary' || !isUtf8(bytes)))
  if (!isBinary) return messageText(mark, bytes).trimEnd()
  const hex = hexWords(bytes.subarray(0, previewBytes))
  return bytes.length > previewBytes ? `${hex} …` : hex
}

/** Bytes as two digits each. */
export function hexWords(bytes: Buffer): string {
  return bytes.toString('hex').replace(/..(?=.)/g, '$& ')
}
