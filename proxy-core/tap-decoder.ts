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
  readonly #codings: readonly string[]
  readonly #sink: DecoderSink
  readonly #stages: readonly DecodingStage[]
  #waiting: WireChunk[] = []
  #nextIndex = 0
  #waitingBytes = 0
  #current: WireChunk | null = null
  /** Bytes of the chunks before the current one, and when the last of them came. */
  #doneBytes = 0
  #doneAt = 0
  #finishedStages = 0
  #isEnding = false
  #isWhole = false
  #isOver = false
  #onSettled: (() => void) | null = null
  #timer: ReturnType<typeof setTimeout> | null = null

  /** `codings` as they were applied: the last is undone first. */
  constructor(codings: readonly string[], sink: DecoderSink) {
    this.#codings = codings
    this.#sink = sink
    this.#stages = codings.toReversed().map(
      (coding, index) =>
        new DecodingStage(coding, {
          decoded: (bytes) => this.#came(index, bytes),
          idle: () => this.#goOn(),
          finished: () => {
            this.#finishedStages++
            this.#goOn()
          },
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
    if (this.#waitingBytes > behindLimitBytes) this.#fail('too-slow', this.#codings.join(', '))
    else if (this.#current === null) this.#goOn()
  }

  /** The body is over; a whole one must have its end mark. `onSettled` is called when the last bytes have come out, now or soon. */
  end(isWhole: boolean, onSettled: () => void): void {
    this.#onSettled = onSettled
    if (this.#isOver) {
      this.#settle()
      return
    }
    this.#isEnding = true
    this.#isWhole = isWhole
    this.#timer = setTimeout(() => this.#fail('too-slow', this.#codings.join(', ')), catchUpLimitMs)
    this.#goOn()
  }

  /** Stops, and gives everything back. */
  destroy(): void {
    this.#isOver = true
    this.#waiting = []
    this.#current = null
    for (const stage of this.#stages) stage.destroy()
    this.#settle()
  }

  /** Takes the next step when all that was put in has come out. */
  #goOn(): void {
    if (this.#isOver || !this.#stages.every((stage) => stage.isIdle)) return
    this.#finishCurrent()
    const next = this.#waiting[this.#nextIndex]
    if (next !== undefined) {
      this.#waitingBytes -= next.chunk.length
      this.#current = next
      this.#nextIndex++
      // Not shift(): that moves what is left, thousands of chunks when the decoder is behind.
      if (this.#nextIndex >= 1024) this.#dropTaken()
      for (const stage of this.#stages) stage.startChunk()
      this.#stages[0]?.write(next.chunk)
      return
    }
    this.#dropTaken()
    if (!this.#isEnding) return
    const unfinished = this.#isWhole && this.#doneBytes > 0 ? this.#stages[this.#finishedStages] : undefined
    if (unfinished === undefined) this.destroy()
    else unfinished.finish()
  }

  #came(index: number, bytes: Buffer): void {
    const next = this.#stages[index + 1]
    if (next !== undefined) next.write(bytes)
    else this.#sink.decoded(bytes, this.#doneBytes + (this.#current?.chunk.length ?? 0), this.#current?.at ?? this.#doneAt)
  }

  #dropTaken(): void {
    if (this.#nextIndex > 0) this.#waiting = this.#waiting.slice(this.#nextIndex)
    this.#nextIndex = 0
  }

  #finishCurrent(): void {
    const current = this.#current
    if (current === null) return
    this.#current = null
    this.#doneBytes += current.chunk.length
    this.#doneAt = current.at
    this.#sink.took(current.chunk, this.#doneBytes, current.at)
  }

  #fail(code: DecodeErrorCode, coding: string): void {
    if (this.#isOver) return
    this.#dropTaken()
    const rest = this.#current === null ? this.#waiting : [this.#current, ...this.#waiting]
    this.#isOver = true
    this.#current = null
    this.#waiting = []
    for (const stage of this.#stages) stage.destroy()
    this.#sink.failed({ code, coding, atByte: this.#doneBytes })
    for (const each of rest) this.#pass(each)
    this.#settle()
  }

  #pass({ chunk, at }: WireChunk): void {
    this.#doneBytes += chunk.length
    this.#sink.passed(chunk, this.#doneBytes, at)
  }

  #settle(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    const onSettled = this.#onSettled
    this.#onSettled = null
    onSettled?.()
  }
}
