import { isUtf8 } from 'node:buffer'

/** One block of an event stream as text. */
export interface DecodedEvent {
  /** `message` when the block names none. */
  readonly type: string
  /** Null when the block has no `id` field that counts; one that contains NUL does not. */
  readonly id: string | null
  readonly data: string
  readonly retryMs: number | null
  /** The comment lines, without their colon and one space after it. */
  readonly comments: readonly string[]
  /** Some bytes were not UTF-8 and are shown as U+FFFD. */
  readonly hasInvalidUtf8: boolean
}

/** The type of an event that names none. */
export const impliedType = 'message'

/**
 * Decodes the bytes of one block, by the rules of WHATWG HTML §9.2.6.
 *
 * `isFirst` says that the bytes are the first of the body, where a byte order mark is skipped; EventScanner's blocks start after it.
 * A last line without an end counts, so that the start of a long event can be shown.
 */
export function decodeEvent(bytes: Uint8Array, { isFirst = false }: { readonly isFirst?: boolean } = {}): DecodedEvent {
  let text = utf8.decode(bytes)
  if (isFirst && text.startsWith('\ufeff')) text = text.slice(1)

  let type = ''
  let id: string | null = null
  let retryMs: number | null = null
  const data: string[] = []
  const comments: string[] = []

  // A CRLF leaves an empty line between its halves, and empty lines say nothing inside a block.
  for (const line of text.split(/[\r\n]/)) {
    if (line === '') continue
    const { name, value } = splitField(line)
    if (name === '') comments.push(value)
    else if (name === 'data') data.push(value)
    else if (name === 'event') type = value
    else if (name === 'id' && !value.includes('\0')) id = value
    else if (name === 'retry' && /^[0-9]+$/.test(value)) retryMs = Math.min(Number(value), Number.MAX_SAFE_INTEGER)
  }

  return { type: type === '' ? impliedType : type, id, data: data.join('\n'), retryMs, comments, hasInvalidUtf8: !isUtf8(bytes) }
}

// A byte order mark is a character like any other except at the start of the body.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** The name before the first colon and the value after it, less one space; a line without a colon is all name. */
function splitField(line: string): { readonly name: string; readonly value: string } {
  const colon = line.indexOf(':')
  if (colon === -1) return { name: line, value: '' }
  const valueStart = line.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1
  return { name: line.slice(0, colon), value: line.slice(valueStart) }
}
