import { Assembler } from '../../../proxy-core/assemble/assembler.ts'
import { parsePath } from '../../../proxy-core/assemble/json-path.ts'
import { CaptureBudget } from '../../../proxy-core/capture.ts'
import type { Assembled, AssembledSoFar } from '../../../proxy-core/contract/assembled.ts'
import type { RowKind } from '../../../proxy-core/contract/exchange.ts'
import { Tap } from '../../../proxy-core/tap.ts'
import type { SaidStream } from './token-sample.ts'

/** Keeps the texts of an assembled stream as they come in tails, as the window does. */
export class AssembledReader {
  readonly texts: string[] = []
  last: Assembled | null = null

  get from(): AssembledSoFar | null {
    return this.last && { assembly: this.last.assembly, lengths: this.texts.map((text) => text.length) }
  }

  take(assembled: Assembled): void {
    if (assembled.assembly !== this.last?.assembly) this.texts.length = 0
    for (const { text, offset, tail } of assembled.texts) {
      if ((this.texts[text] ?? '').length !== offset) throw new Error(`Text ${text} goes on at ${offset}, not where it was left.`)
      this.texts[text] = (this.texts[text] ?? '') + tail
    }
    this.last = assembled
  }

  said(): SaidStream {
    if (this.last === null) throw new Error('Nothing was taken.')
    const { shape, model, outputs, usage, errors } = this.last
    const textOf = (number: number | null) => (number === null ? '' : (this.texts[number] ?? ''))
    return {
      shape,
      model,
      outputs: outputs.map((output) => ({
        index: output.index,
        text: textOf(output.text),
        reasoning: textOf(output.reasoning),
        refusal: textOf(output.refusal),
        toolCalls: output.toolCalls.map((call) => [call.name, call.id, textOf(call.arguments)] as const),
        finishReason: output.finishReason,
      })),
      usage,
      errors: errors.map(({ code, message }) => [code, message] as const),
    }
  }
}

/** A stream that is put together while it comes, in the pieces that a test hands it. */
export class AssembledStream {
  readonly tap: Tap
  readonly reader = new AssembledReader()
  readonly #assembler: Assembler

  constructor(rowKind: RowKind, { target = '/', path = null }: { target?: string; path?: string | null } = {}) {
    this.tap = new Tap(rowKind, new CaptureBudget(1e9, 1e9))
    const steps = path === null ? null : parsePath(path)
    if (steps !== null && 'faultAt' in steps) throw new Error(`${path} is no path`)
    this.#assembler = new Assembler(1, this.tap, { target, path: steps })
  }

  /** A piece comes, and is read. */
  feed(piece: Buffer | string, at = 1000): this {
    this.tap.arrived(Buffer.from(piece), at)
    return this.read()
  }

  end(): this {
    this.tap.ended(true, () => {})
    return this.read()
  }

  read(): this {
    this.#assembler.readUntil(Number.POSITIVE_INFINITY)
    this.reader.take(this.#assembler.view(this.reader.from, true))
    return this
  }

  get assembled(): Assembled {
    return this.reader.last ?? this.read().assembled
  }
}
