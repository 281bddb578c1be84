import { fieldValues } from './headers.ts'
import { now } from './clock.ts'

/** What decides whether a response may be sent something that its upstream did not send. */
export interface HeartbeatTraits {
  readonly status: number
  readonly hasBody: boolean
  readonly mediaType: string
  /** The fields as the upstream sent them, and as the client gets them. */
  readonly received: readonly string[]
  readonly sent: readonly string[]
}

/** Whether comments may be put into a response: into an event stream alone, and nowhere that its bytes are spoken for. */
export function takesHeartbeats({ status, hasBody, mediaType, received, sent }: HeartbeatTraits): boolean {
  // RFC 9110 §15.3.7: of a part every byte has its place.
  if (!hasBody || status === 206 || mediaType !== 'text/event-stream' || forbidsChanges(received) || forbidsChanges(sent)) return false
  return received.every((name, index) => index % 2 !== 0 || !exactFields.has(name.toLowerCase()) || isIdentity(name, received[index + 1]))
}

/** Whether a message must not be transformed on the way (RFC 9111 §5.2.1.6 and §5.2.2.6). */
export function forbidsChanges(fields: readonly string[]): boolean {
  return fieldValues(fields, 'cache-control').some((value) => value.split(',').some((part) => /^\s*no-transform\s*$/i.test(part)))
}

/** What sends comments, and what it needs to know of the stream. */
export interface HeartbeatOptions {
  /** Null sends none, until `follow` says otherwise. */
  readonly everyMs: number | null
  /** Nothing is held, and nothing waits for the client. */
  isQuiet(): boolean
  write(comment: Buffer): void
}

/**
 * Sends a comment into an event stream whenever nothing was sent for a while, so that no hop on the way takes it for dead. It is told
 * what was sent, from the first byte on, so that it can begin at any moment; and it sends between events alone.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions
  /** The last bytes that were sent, newest lowest. A stream begins as it goes on behind a blank line. */
  #tail = 0x0a0a0a
  #sentAt = now()
  #everyMs: number | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  /** How much of a byte order mark was left out so far; null when the first bytes have been told apart. */
  #markBytes: number | null = 0
  #isBehindComment = false

  constructor(options: HeartbeatOptions) {
    this.#options = options
    this.follow(options.everyMs)
  }

  /** Sends comments this often from now on; null for none. */
  follow(everyMs: number | null): void {
    this.stop()
    this.#everyMs = everyMs
    this.#sentAt = now()
    if (everyMs !== null) this.#wake(everyMs)
  }

  /**
   * What of a chunk is to be sent. A byte order mark is one at the very start alone, and behind a comment it would be the name of a field:
   * there it is left out.
   */
  admit(chunk: Buffer): Buffer {
    if (this.#markBytes === null) return chunk
    const before = this.#markBytes
    let matched = before
    if (this.#isBehindComment) while (matched < mark.length && chunk[matched - before] === mark[matched]) matched++
    const taken = matched - before
    this.#markBytes = taken === chunk.length && matched < mark.length ? matched : null
    if (matched === mark.length || this.#markBytes !== null) return chunk.subarray(taken)
    return before === 0 ? chunk : Buffer.concat([mark.subarray(0, before), chunk])
  }

  /** What was left out, at the end of a stream that ended before it was a byte order mark; or null. */
  rest(): Buffer | null {
    return this.#markBytes === null || this.#markBytes === 0 ? null : mark.subarray(0, this.#markBytes)
  }

  /** Bytes of the stream were sent. */
  sent(chunk: Buffer): void {
    const { length } = chunk
    for (let index = Math.max(0, length - 3); index < length; index++)
      this.#tail = ((this.#tail << 8) | (chunk[index] as number)) & 0xffffff
    if (this.#everyMs !== null) this.#sentAt = now()
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #wake(afterMs: number): void {
    this.#timer = setTimeout(() => this.#beat(), Math.max(1, afterMs))
  }

  #beat(): void {
    const options = this.#options
    const everyMs = this.#everyMs
    if (everyMs === null) return
    const restMs = this.#sentAt + everyMs - now()
    this.#wake(restMs > 0 ? restMs : everyMs)
    if (restMs > 0 || !this.#isBetweenEvents || !options.isQuiet()) return
    this.#sentAt = now()
    this.#isBehindComment = true
    options.write(comment)
  }

  /** WHATWG HTML §9.2.6: a blank line ends an event; CR, LF and CRLF end a line. */
  get #isBetweenEvents(): boolean {
    const two = this.#tail & 0xffff
    // A CR behind a LF is taken for the first half of a CRLF.
    return two === 0x0a0a || two === 0x0d0d || this.#tail === 0x0a0d0a || this.#tail === 0x0d0d0a
  }
}

const comment = Buffer.from(':\n\n')
const mark = Buffer.from([0xef, 0xbb, 0xbf])

// With these the bytes of a body are those and no others.
const exactFields: ReadonlySet<string> = new Set([
  'content-length',
  'content-encoding',
  'content-range',
  'content-md5',
  'content-digest',
  'repr-digest',
  'digest',
])

function isIdentity(name: string, value = ''): boolean {
  return name.toLowerCase() === 'content-encoding' && /^\s*(identity)?\s*$/i.test(value)
}
