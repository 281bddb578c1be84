import type { DecodeError } from './contract/exchange.ts'
import type { DecodedRecord, RecordedBody } from './exchange-record.ts'
import type { DecoderSink } from './tap-decoder.ts'

/** Yields again what was decoded of a body when it was live, chunk by chunk from the wire, and fails where that failed. */
export class RecordedDecoder {
  readonly #record: DecodedRecord
  readonly #keeping: RecordedBody['keeping']
  readonly #sink: DecoderSink
  #wireEnd: number
  #next = 0
  #position: number
  /** Why it stopped, until that is told. */
  #error: DecodeError | null

  constructor({ body, keeping }: RecordedBody, sink: DecoderSink) {
    this.#record = body.decoded ?? nothing
    this.#keeping = keeping
    this.#sink = sink
    this.#wireEnd = body.from
    this.#position = this.#record.from
    this.#error = body.decodeError
  }

  push(chunk: Buffer, at: number): void {
    const { chunks, wireEnds, passedFrom } = this.#record
    this.#wireEnd += chunk.length
    let isPassed = false
    while (this.#next < chunks.length && (wireEnds[this.#next] as number) <= this.#wireEnd) {
      const bytes = readChunk(chunks[this.#next] ?? 0, this.#keeping)
      isPassed = passedFrom !== null && this.#position >= passedFrom
      if (isPassed) this.#fail()
      this.#next++
      this.#position += bytes.length
      if (isPassed) this.#sink.passed(bytes, this.#wireEnd, at)
      else this.#sink.decoded(bytes, this.#wireEnd, at)
    }
    if (!isPassed) this.#sink.took(chunk, this.#wireEnd, at)
  }

  end(_isWhole: boolean, onSettled: () => void): void {
    this.#fail()
    onSettled()
  }

  destroy(): void {
    this.#next = this.#record.chunks.length
  }

  #fail(): void {
    const error = this.#error
    this.#error = null
    if (error !== null) this.#sink.failed(error)
  }
}

const nothing: DecodedRecord = { from: 0, chunks: [], wireEnds: [], passedFrom: null }

/** A recorded chunk as it is fed: zeros stand for one that was let pass, and it is let pass again. */
export function readChunk(chunk: Uint8Array | number, keeping: RecordedBody['keeping']): Buffer {
  keeping.isKeeping = typeof chunk !== 'number'
  if (typeof chunk === 'number') return Buffer.alloc(chunk)
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
}
