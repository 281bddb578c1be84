import type { Client } from './client.ts'
import { Condition } from './condition.ts'
import { epochMs } from './epoch.ts'
import { fieldValue, type Field, type Head } from './http-reader.ts'

/** Bytes that came in one go, and when. */
export interface Piece {
  readonly at: number
  readonly bytes: Buffer
}

/** An answer as a scripted client sees it come in. */
export class ClientResponse {
  readonly client: Client
  readonly respondedAt = epochMs()
  readonly rawHead: string
  readonly httpVersion: string
  readonly status: number
  readonly reason: string
  readonly fields: readonly Field[]
  /** Heads of 1xx answers that came before. */
  readonly informational: readonly Head[]
  /** The content, without the framing of chunks. */
  readonly pieces: Piece[] = []
  /** The body as it was on the wire. */
  readonly rawPieces: Piece[] = []
  trailers: readonly Field[] = []
  endedAt: number | null = null
  readonly #condition = new Condition()
  #byteCount = 0
  #end: 'complete' | 'cut' | null = null
  #readError: Error | null = null
  #joined: { readonly pieces: number; readonly bytes: Buffer } = { pieces: 0, bytes: Buffer.alloc(0) }

  constructor(client: Client, head: Head, informational: readonly Head[]) {
    this.client = client
    this.rawHead = head.raw
    this.informational = informational
    const [, version = '', status = '', reason = ''] = /^HTTP\/([\d.]+) (\d{3}) ?(.*)$/.exec(head.startLine) ?? []
    this.httpVersion = version
    this.status = Number(status)
    this.reason = reason
    this.fields = head.fields
  }

  /** The value of a field, or null. */
  header(name: string): string | null {
    return fieldValue(this.fields, name)
  }

  /** The content so far. */
  get bytes(): Buffer {
    if (this.#joined.pieces !== this.pieces.length) {
      const rest = this.pieces.slice(this.#joined.pieces).map((piece) => piece.bytes)
      this.#joined = { pieces: this.pieces.length, bytes: Buffer.concat([this.#joined.bytes, ...rest]) }
    }
    return this.#joined.bytes
  }

  /** The content so far as text. */
  get text(): string {
    return this.bytes.toString()
  }

  get byteCount(): number {
    return this.#byteCount
  }

  /** The body as it was on the wire so far. */
  get rawBytes(): Buffer {
    return Buffer.concat(this.rawPieces.map((piece) => piece.bytes))
  }

  get isEnded(): boolean {
    return this.#end !== null
  }

  /** The connection ended without the last chunk, short of the length, or with a reset. */
  get isDestroyedEarly(): boolean {
    return this.#end === 'cut'
  }

  /** The content, when the body has ended, completely or not. */
  async readAll(timeoutMs?: number): Promise<Buffer> {
    await this.#condition.until(
      () => this.#end,
      () => `the end of a body (${String(this.#byteCount)} bytes so far)`,
      timeoutMs,
    )
    if (this.#readError) throw this.#readError
    return this.bytes
  }

  /** The content so far, once it has at least so many bytes. */
  async waitForBytes(count: number, timeoutMs?: number): Promise<Buffer> {
    await this.#condition.until(
      () => this.#reached(this.#byteCount >= count, `${String(count)} bytes`),
      () => `${String(count)} bytes of a body (${String(this.#byteCount)} so far)`,
      timeoutMs,
    )
    return this.bytes
  }

  /** The content so far as text, once the given text is in it. */
  async waitForText(text: string, timeoutMs?: number): Promise<string> {
    await this.#condition.until(
      () => this.#reached(this.bytes.includes(text), JSON.stringify(text)),
      () => `${JSON.stringify(text)} in a body; so far ${JSON.stringify(this.text.slice(-200))}`,
      timeoutMs,
    )
    return this.text
  }

  /** Takes in what the connection read for this answer. */
  receive(content: Buffer, raw: Buffer): void {
    const at = epochMs()
    this.rawPieces.push({ at, bytes: raw })
    if (content.length === 0) return
    this.pieces.push({ at, bytes: content })
    this.#byteCount += content.length
    this.#condition.changed()
  }

  /** Takes in the end of the body. */
  complete(trailers: readonly Field[]): void {
    this.trailers = trailers
    this.#finish('complete')
  }

  /** Takes in that the connection closed inside the body. */
  cut(readError: Error | null): void {
    this.#readError = readError
    this.#finish('cut')
  }

  #finish(end: 'complete' | 'cut'): void {
    this.endedAt = epochMs()
    this.#end = end
    this.#condition.changed()
  }

  #reached(isReached: boolean, what: string): boolean {
    if (!isReached && this.#end !== null) {
      throw this.#readError ?? new Error(`The body ended (${this.#end}) after ${String(this.#byteCount)} bytes, without ${what}.`)
    }
    return isReached
  }
}
