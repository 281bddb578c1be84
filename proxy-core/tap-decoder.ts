import type { DecodeError, DecodeErrorCode } from './contract/exchange.ts'
import { DecodingStage } from './decoding-stage.ts'

/** How far the decoder may fall behind the wire. What waits is kept by the tap anyway; this bounds the time it takes to catch up. */
const behindLimitBytes = 8_388_608
/** How long the end of an exchange is announced late at most, while the last of its rows are decoded. */
const catchUpLimitMs = 2000

/** Who takes what is decoded. Wire offsets count the bytes of the body as it came. */
export interface DecoderSink {
  /** Bytes came out after the chunk was put in that ends at a wire offset. */
  decoded(bytes: Buffer, wireEnd: number, at: number): void
  /** All that a chunk yields has come out. */
  took(chunk: Buffer, wireEnd: number, at: number): void
  /** Decoding stopped; this chunk, and each that follows, stays as it came. */
  passed(chunk: Buffer, wireEnd: number, at: number): void
  failed(error: DecodeError): void
}

interface WireChunk {
  readonly chunk: Buffer
  readonly at: number
}

/**
 * Undoes the codings of a body beside its way to the client. One chunk from the wire is put in after the other, each when all that the
 * one before yields has come out: so it is known which chunk completed what. Nobody waits for it, and what it costs is bounded.
 */
export class TapDecoder {
  readonly #sink: DecoderSink
  readonly #stages: readonly DecodingStage[]
  #waiting: WireChunk[] = []
  #waitingBytes = 0
  #current: WireChunk | null = null
  /** Bytes of the chunks before the current one. */
  #doneBytes = 0
  #isOver = false
  #isEnding = false
  #isWhole = false
  #onSettled: (() => void) | null = null
  #timer: ReturnType<typeof setTimeout> | null = null

  /** `codings` as they were applied: the last is undone first. */
  constructor(codings: readonly string[], sink: DecoderSink) {
    this.#sink = sink
    const inOrder = codings.toReversed()
    this.#stages = inOrder.map(
      (coding, index) =>
        new DecodingStage(coding, {
          decoded: (bytes) => this.#came(index, bytes),
          idle: () => this.#next(),
          finished: () => this.#finish(index + 1),
          failed: (code) => this.#fail(code, coding),
        }),
    )
  }

  /** Puts in the next chunk from the wire. */
  push(chunk: Buffer, at: number): void {
    if (this.#isOver) {
      this.#pass({ chunk, at })
      return
    }
    this.#waiting.push({ chunk, at })
    this.#waitingBytes += chunk.length
    if (this.#waitingBytes > behindLimitBytes) this.#failAll('too-slow')
    else if (this.#current === null) this.#next()
  }

  /** The body is over; a whole one must be decoded to its end mark. `onSettled` is called when the last bytes have come out, now or soon. */
  end(isWhole: boolean, onSettled: () => void): void {
    if (this.#isOver || (this.#current === null && (!isWhole || this.#doneBytes === 0))) {
      this.destroy()
      onSettled()
      return
    }
    this.#isEnding = true
    this.#isWhole = isWhole
    this.#onSettled = onSettled
    this.#timer = setTimeout(() => this.#failAll('too-slow'), catchUpLimitMs)
    this.#timer.unref()
    if (this.#current === null) this.#finish(0)
  }

  /** Stops, and gives everything back. */
  destroy(): void {
    this.#isOver = true
    this.#waiting = []
    this.#current = null
    for (const stage of this.#stages) stage.destroy()
    this.#settle()
  }

  /** Goes on when every stage is idle. */
  #next(): void {
    if (this.#isOver || this.#isEnding && this.#isFinishing) return
    if (!this.#stages.every((stage) => stage.isIdle)) return
    this.#finishCurrent()
    const next = this.#waiting.shift()
    if (next === undefined) {
      if (this.#isEnding) this.#finish(0)
      return
    }
    this.#waitingBytes -= next.chunk.length
    this.#current = next
    for (const stage of this.#stages) stage.startChunk()
    this.#stages[0]?.write(next.chunk)
  }
}
