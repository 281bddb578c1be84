import type { StreamShape, TokenUsage } from '../../../proxy-core/contract/assembled.ts'
import type { RowKind } from '../../../proxy-core/contract/exchange.ts'

/** What a sample says once it is whole, with its texts in place. */
export interface SaidStream {
  readonly shape: StreamShape | null
  readonly model: string | null
  readonly outputs: readonly SaidOutput[]
  readonly usage: TokenUsage | null
  readonly errors: readonly (readonly [code: string | null, message: string])[]
}

export interface SaidOutput {
  readonly index: number
  readonly text: string
  readonly reasoning: string
  readonly refusal: string
  readonly toolCalls: readonly (readonly [name: string | null, id: string | null, args: string])[]
  readonly finishReason: string | null
}

/** A stream in a provider's published format, in our own words. */
export interface TokenSample {
  readonly name: string
  readonly rowKind: RowKind
  readonly target: string
  readonly body: string
  readonly said: SaidStream
}

/** Values as the data of events. */
export const events = (...values: readonly unknown[]) => values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join('')

/** Values as the data of events that are named by their `type`. */
export const typed = (...values: readonly Readonly<Record<string, unknown>>[]) =>
  values.map((value) => `event: ${String(value['type'])}\ndata: ${JSON.stringify(value)}\n\n`).join('')

/** Values as lines of NDJSON. */
export const lines = (...values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('')

/** One answer, of which a sample says what is not empty. */
export const output = (said: Partial<SaidOutput>): SaidOutput => ({
  index: 0,
  text: '',
  reasoning: '',
  refusal: '',
  toolCalls: [],
  finishReason: null,
  ...said,
})
