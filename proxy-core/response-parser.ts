import { fieldValue, fieldValues, trimmed } from './headers.ts'
import { copyLimitBytes } from './kept-bytes.ts'

/** Who is told what a parser reads. Each call may stop the parser. */
export interface ResponseReader {
  /** A head, an interim one among them; `httpVersion` is the one that it names. */
  head(status: number, reason: string, fields: string[], httpVersion: '1.0' | '1.1'): void
  /** A part of the body; the bytes are the reader's to keep. */
  data(chunk: Buffer): void
  /** The response is whole; `rest` is what came behind it in the same read. */
  end(trailers: string[], rest: Buffer): void
}

/** What was asked, as far as it decides how the answer is framed (RFC 9112 §6.3). */
export interface ParsedRequest {
  readonly method: string
  readonly mayUpgrade: boolean
}

const maxHeadBytes = 65_536
/** All heads of one exchange: interim ones go on at once, and a client that reads none of them must not make them pile up. */
const maxHeadsBytes = 1_048_576
const maxExtensionBytes = 16_384
/** More digits would not fit a number exactly. */
const maxSizeDigits = 13

type State = 'head' | 'length' | 'close' | 'size' | 'extension' | 'size-lf' | 'chunk' | 'chunk-cr' | 'chunk-lf' | 'trailers' | 'over'

/**
 * Reads one HTTP/1 response from bytes as they come. Strict: what RFC 9112 does not allow is refused, never guessed at, since another
 * reader on the way might guess otherwise.
 */
export class ResponseParser {
  readonly #request: ParsedRequest
  readonly #reader: ResponseReader
  #state: State = 'head'
  #text = ''
  /** What is left of the body or the chunk. */
  #left = 0
  #digits = 0
  #extensionBytes = 0
  #headsBytes = 0
  #isKept = false
  #keepAliveMs: number | null = null

  constructor(request: ParsedRequest, reader: ResponseReader) {
    this.#request = request
    this.#reader = reader
  }

  /** Whether the connection may carry another exchange after this one (RFC 9112 §9.3). */
  get isKept(): boolean {
    return this.#isKept
  }

  /** How long the upstream says that it keeps an idle connection. */
  get keepAliveMs(): number | null {
    return this.#keepAliveMs
  }

  /** Nothing is read any more. */
  stop(): void {
    this.#state = 'over'
  }

  /** Takes bytes; throws a `ResponseFault`. With `isBorrowed` they are copied, since their memory is used again. */
  feed(bytes: Buffer, isBorrowed: boolean): void {
    let at = 0
    while (at < bytes.length) {
      switch (this.#state) {
        case 'head':
        case 'trailers':
          at = this.#readFields(bytes, at)
          break
        case 'length':
        case 'close':
        case 'chunk':
          at = this.#readBody(bytes, at, isBorrowed)
          break
        case 'over':
          return
        case 'size':
        case 'extension':
        case 'size-lf':
        case 'chunk-cr':
        case 'chunk-lf':
          at = this.#readFraming(bytes, at)
      }
    }
  }

  /** The upstream sends no more. Returns whether the response is whole: only one without a length ends so. */
  finish(): boolean {
    if (this.#state !== 'close') return false
    this.#end([], none)
    return true
  }

  #readBody(bytes: Buffer, at: number, isBorrowed: boolean): number {
    const end = Math.min(bytes.length, at + this.#left)
    const hasMore = end - at < this.#left
    if (this.#state !== 'close') this.#left -= end - at
    const wasChunk = this.#state === 'chunk'
    if (wasChunk && !hasMore) this.#state = 'chunk-cr'
    this.#reader.data(isBorrowed ? copyOf(bytes, at, end) : bytes.subarray(at, end))
    if (this.#state === 'length' && !hasMore) this.#end([], bytes.subarray(end))
    return end
  }

  /** Reads a chunk's size line, or the line end behind its bytes (RFC 9112 §7.1). */
  #readFraming(bytes: Buffer, from: number): number {
    let at = from
    for (; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0
      switch (this.#state) {
        case 'size': {
          const digit = hexDigit(byte)
          if (digit >= 0) {
            if (++this.#digits > maxSizeDigits) throw new ResponseFault('HPE_INVALID_CHUNK_SIZE')
            this.#left = this.#left * 16 + digit
          } else if (this.#digits === 0 || (byte !== cr && byte !== semicolon)) {
            throw new ResponseFault('HPE_INVALID_CHUNK_SIZE')
          } else {
            this.#extensionBytes = 0
            this.#state = byte === cr ? 'size-lf' : 'extension'
          }
          break
        }
        case 'extension':
          if (byte === cr) this.#state = 'size-lf'
          else if (++this.#extensionBytes > maxExtensionBytes || isControl(byte)) throw new ResponseFault('HPE_INVALID_CHUNK_EXTENSION')
          break
        case 'size-lf':
          if (byte !== lf) throw new ResponseFault('HPE_LF_EXPECTED')
          this.#state = this.#left === 0 ? 'trailers' : 'chunk'
          // A trailer section is read like a head: a line, and the empty line behind the last.
          this.#text = '\r\n'
          return at + 1
        case 'chunk-cr':
          if (byte !== cr) throw new ResponseFault('HPE_STRICT')
          this.#state = 'chunk-lf'
          break
        case 'chunk-lf':
          if (byte !== lf) throw new ResponseFault('HPE_LF_EXPECTED')
          this.#startChunk()
          break
        case 'head':
        case 'length':
        case 'close':
        case 'chunk':
        case 'trailers':
        case 'over':
          return at
      }
    }
    return at
  }

  #startChunk(): void {
    this.#state = 'size'
    this.#left = 0
    this.#digits = 0
  }

  #readFields(bytes: Buffer, at: number): number {
    const before = this.#text.length
    const text = this.#text + bytes.toString('latin1', at, Math.min(bytes.length, at + maxHeadBytes + 4 - before))
    const isHead = this.#state === 'head'
    if (isHead && !text.startsWith(opening) && !opening.startsWith(text)) throw new ResponseFault('HPE_INVALID_CONSTANT')
    const end = text.indexOf('\r\n\r\n', Math.max(0, before - 3))
    if (end < 0) {
      // What comes bit by bit is refused as soon as it is wrong.
      strayLineEnd.lastIndex = Math.max(0, before - 1)
      if (strayLineEnd.test(text)) throw new ResponseFault('HPE_CR_EXPECTED')
      if (text.length > maxHeadBytes) throw new ResponseFault('UND_ERR_HEADERS_OVERFLOW')
      this.#text = text
      return bytes.length
    }
    this.#headsBytes += end
    if (end > maxHeadBytes || this.#headsBytes > maxHeadsBytes) throw new ResponseFault('UND_ERR_HEADERS_OVERFLOW')
    this.#text = ''
    const next = at + end + 4 - before
    const lines = text.slice(0, end).split('\r\n')
    const fields = readFields(lines)
    if (isHead) this.#readHead(lines[0] ?? '', fields, bytes.subarray(next))
    else this.#end(fields, bytes.subarray(next))
    return next
  }

  #readHead(line: string, fields: string[], rest: Buffer): void {
    const [, minor, digits = '', reason = ''] = statusLine.exec(line) ?? []
    if (minor === undefined) throw new ResponseFault('HPE_INVALID_STATUS')
    const status = Number(digits)
    const httpVersion = minor === '0' ? '1.0' : '1.1'
    if (status === 101) {
      if (!this.#request.mayUpgrade) throw new ResponseFault('HPE_UNASKED_UPGRADE')
      this.#reader.head(status, reason, fields, httpVersion)
      if (this.#state === 'head') this.#end([], rest)
      return
    }
    if (status < 200) {
      this.#reader.head(status, reason, fields, httpVersion)
      return
    }
    const codings = fieldValues(fields, 'transfer-encoding')
    const hasLength = fieldValue(fields, 'content-length') !== undefined
    // RFC 9112 §6.1: a Transfer-Encoding in HTTP/1.0 is a faulty framing.
    if (codings.length > 0 && (minor === '0' || hasLength)) throw new ResponseFault('HPE_INVALID_TRANSFER_ENCODING')
    if (codings.length > 1 || codings.some((coding) => coding.toLowerCase() !== 'chunked'))
      throw new ResponseFault('HPE_INVALID_TRANSFER_ENCODING')
    const lengths = new Set(fieldValues(fields, 'content-length').flatMap((value) => value.split(',').map(trimmed)))
    const [length = ''] = lengths
    if (hasLength && (lengths.size > 1 || !/^\d{1,15}$/.test(length))) throw new ResponseFault('HPE_INVALID_CONTENT_LENGTH')
    this.#readConnection(fields, minor)
    this.#reader.head(status, reason, fields, httpVersion)
    if (this.#state !== 'head') return
    if (this.#request.method === 'HEAD' || status === 204 || status === 304) {
      this.#end([], rest)
    } else if (codings.length > 0) {
      this.#startChunk()
    } else if (hasLength) {
      this.#left = Number(length)
      this.#state = 'length'
      if (this.#left === 0) this.#end([], rest)
    } else {
      this.#isKept = false
      this.#left = Number.POSITIVE_INFINITY
      this.#state = 'close'
    }
  }

  #readConnection(fields: string[], minor: string): void {
    const options = fieldValues(fields, 'connection').flatMap((value) => value.split(',').map((option) => trimmed(option).toLowerCase()))
    this.#isKept = !options.includes('close') && (minor === '1' || options.includes('keep-alive'))
    const seconds = /(?:^|[,; ])timeout=(\d{1,6})/i.exec(fieldValue(fields, 'keep-alive') ?? '')?.[1]
    this.#keepAliveMs = seconds === undefined ? null : Number(seconds) * 1000
  }

  #end(trailers: string[], rest: Buffer): void {
    this.#state = 'over'
    this.#reader.end(trailers, rest)
  }
}

/** Why bytes are no HTTP/1 response, by a code that `upstream-errors` knows. */
export class ResponseFault extends Error {
  readonly code: string

  constructor(code: string) {
    super(code)
    this.code = code
  }
}

const none = Buffer.alloc(0)
const cr = 13
const lf = 10
const semicolon = 59
/** RFC 9112 §2.2: a CR without LF, or an LF without CR. A CR that is the last so far may yet have its LF. */
const strayLineEnd = /(?<!\r)\n|\r(?!\n|$)/g
const opening = 'HTTP/1.'
const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: (.*))?$/
const token = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/
// oxlint-disable-next-line no-control-regex -- control characters are what is refused
const controls = /[\x00-\x08\x0a-\x1f\x7f]/

/** RFC 9112 §5: the lines behind the first, as names and values in turn. */
function readFields(lines: readonly string[]): string[] {
  const fields: string[] = []
  if (controls.test(lines[0] ?? '')) throw new ResponseFault('HPE_INVALID_STATUS')
  for (let index = 1; index < lines.length; index++) {
    const line = lines[index] ?? ''
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon))
    // White space before the colon, and a folded line, fail here too.
    if (!token.test(name)) throw new ResponseFault('HPE_INVALID_HEADER_TOKEN')
    const value = trimmed(line.slice(colon + 1))
    if (controls.test(value)) throw new ResponseFault('HPE_INVALID_HEADER_TOKEN')
    fields.push(name, value)
  }
  return fields
}

/** For half the price of `Buffer.from`. What the tap keeps as it is gets a buffer of its own; from the pool it would be copied once more. */
function copyOf(bytes: Buffer, start: number, end: number): Buffer {
  const length = end - start
  const copy = length < copyLimitBytes ? Buffer.allocUnsafe(length) : Buffer.allocUnsafeSlow(length)
  copy.set(bytes.subarray(start, end))
  return copy
}

function isControl(byte: number): boolean {
  return (byte < 0x20 && byte !== 0x09) || byte === 0x7f
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const lower = byte | 0x20
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}
