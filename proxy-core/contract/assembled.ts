/** Whose format a stream of tokens is in; `path` is one that is not known here, read along a JSON path that somebody picked. */
export type StreamShape = 'openai-chat' | 'openai-responses' | 'anthropic' | 'gemini' | 'ollama' | 'path'

/** What the asker of an assembled stream has already: of which assembly, and how much of each of its texts. */
export interface AssembledSoFar {
  readonly assembly: number
  /** By text number, in UTF-16 units. */
  readonly lengths: readonly number[]
}

/** What a stream of tokens says so far, put together from its rows. Its texts come apart from it, by their numbers, as they grow. */
export interface Assembled {
  /** Another number than before is another assembly, whose texts begin anew. */
  readonly assembly: number
  /** Null while no row was in a known format. */
  readonly shape: StreamShape | null
  /** So many rows were looked at and none is in a known format; no further one is. */
  readonly isGivenUp: boolean
  /** Rows up to this index have been read, of `totalRows`. */
  readonly readRows: number
  readonly totalRows: number
  /** Rows that were forgotten before they were read. */
  readonly missedRows: number
  readonly model: string | null
  readonly outputs: readonly AssembledOutput[]
  readonly usage: TokenUsage | null
  readonly upstreamTimes: UpstreamTimes | null
  readonly errors: readonly StreamError[]
  readonly skipped: SkippedRows
  /** What there was no room for. */
  readonly cut: AssembledCut
  /** The pace of the tokens as they came, and as the client got them. */
  readonly upstream: TokenPace
  readonly client: TokenPace
  readonly texts: readonly TextTail[]
  /** Where the text of a stream in an unknown format may be, the likeliest first. */
  readonly suggestions: readonly PathSuggestion[]
}

/** One answer; a stream has several when several were asked for. Texts are named by their numbers, null for one that never began. */
export interface AssembledOutput {
  readonly index: number
  readonly text: number | null
  readonly reasoning: number | null
  readonly refusal: number | null
  readonly toolCalls: readonly ToolCall[]
  readonly citations: readonly Citation[]
  /** In the words of the upstream. */
  readonly finishReason: string | null
}

/** A tool that the model calls, or that the upstream ran for it (`server`). */
export interface ToolCall {
  readonly kind: 'function' | 'server'
  readonly id: string | null
  readonly name: string | null
  /** The number of the text that is its arguments, or null while there are none. */
  readonly arguments: number | null
}

export interface Citation {
  readonly title: string
  readonly url: string
}

/** Tokens as the upstream counted them; null where it did not say. */
export interface TokenUsage {
  /** All tokens of the prompt, cached ones included. */
  readonly input: number | null
  /** All tokens of the answer, those of reasoning included. */
  readonly output: number | null
  readonly reasoning: number | null
  readonly cached: number | null
}

/** How long the upstream says that it took, in milliseconds. */
export interface UpstreamTimes {
  readonly loadMs: number | null
  readonly promptMs: number | null
  readonly outputMs: number | null
  readonly totalMs: number | null
}

export interface StreamError {
  readonly row: number
  readonly code: string | null
  readonly message: string
}

/** Rows that are no JSON, or too long to be read here. */
export interface SkippedRows {
  readonly count: number
  /** The first of them. */
  readonly rows: readonly number[]
}

export interface AssembledCut {
  readonly characters: number
  readonly outputs: number
  readonly toolCalls: number
}

/** The pace of the rows that brought text, on one of the two clocks. */
export interface TokenPace {
  /** Rows that brought text. */
  readonly rows: number
  readonly first: TokenTime | null
  readonly last: TokenTime | null
  /** By the upstream's own count; null while it has given none, or when all came at one moment. */
  readonly tokensPerSecond: number | null
  /** Rows with text a second; null when all came at one moment. */
  readonly rowsPerSecond: number | null
  readonly stalls: number
  readonly longestStallMs: number
  /** The first stalls, oldest first. */
  readonly stallList: readonly TokenStall[]
}

export interface TokenTime {
  readonly row: number
  /** Epoch milliseconds with a fraction. */
  readonly at: number
}

/** A silence of `stallFromMs` or more between two rows with text. */
export interface TokenStall {
  /** The row that ended it. */
  readonly row: number
  readonly at: number
  readonly gapMs: number
}

/** From here on a silence between two rows with text is a stall. */
export const stallFromMs = 1000

/** The end of a text from an offset on. */
export interface TextTail {
  readonly text: number
  readonly offset: number
  readonly tail: string
}

export interface PathSuggestion {
  readonly path: string
  /** The start of what the first rows have there, put together. */
  readonly sample: string
}
