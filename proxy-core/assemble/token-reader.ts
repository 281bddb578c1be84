import type { Assembled, AssembledSoFar, StreamShape } from '../contract/assembled.ts'
import { Draft } from './draft.ts'
import { parseKeepingIntegers } from './exact-integers.ts'
import { parseJson } from './json-fields.ts'
import { readPath, type PathStep } from './json-path.ts'
import { PathSuggester } from './path-suggestions.ts'
import { openShapeReader, recogniseShape, type ShapeReader } from './shapes.ts'

/** So many texts in no known format, and no further one is looked at. */
const givenUpAfter = 256
const keptSkippedRows = 20

/** What a reader is told of its stream. */
export interface TokenReaderOptions {
  /** The target of the request, as a hint. */
  readonly target: string
  /** Where the text is in a stream whose format is not known. */
  readonly path: readonly PathStep[] | null
}

/** What was read, as far as it has nothing to do with rows and clocks. */
export type TokenReading = Pick<
  Assembled,
  'shape' | 'isGivenUp' | 'model' | 'outputs' | 'usage' | 'upstreamTimes' | 'errors' | 'skipped' | 'cut' | 'texts' | 'suggestions'
>

/** Reads the texts of a stream's rows, one after another: finds out its format, and puts together what they say. */
export class TokenReader {
  readonly #options: TokenReaderOptions
  readonly #draft = new Draft()
  readonly #suggester = new PathSuggester()
  #shape: StreamShape | null = null
  #reader: ShapeReader | null = null
  #unknownTexts = 0
  #skipped = 0
  readonly #skippedRows: number[] = []
  #isUnreadable = false

  constructor(options: TokenReaderOptions) {
    this.#options = options
  }

  /** Nothing would come of reading on. */
  get isGivenUp(): boolean {
    return this.#isUnreadable || (this.#shape === null && this.#unknownTexts >= givenUpAfter)
  }

  /** What was read since the last row began brought text, or a call. */
  get hasGrown(): boolean {
    return this.#draft.hasGrown
  }

  beginRow(row: number): void {
    this.#draft.row = row
    this.#draft.hasGrown = false
  }

  /** Reads a text of the row that was begun last: the data of an event, or a line. */
  read(text: string): void {
    if (text.trim() === '' || text === '[DONE]') return
    const value = parseJson(text)
    if (this.#shape === null) this.#choose(value, text)
    if (this.#reader === null) this.#suggester.look(value, text)
    if (this.#reader !== null) {
      if (value === undefined) this.skip()
      // These two send a call's arguments as values, which are made text again.
      else this.#reader(this.#shape === 'gemini' || this.#shape === 'ollama' ? parseKeepingIntegers(text) : value)
    } else if (this.#shape === 'path') {
      this.#readAlongPath(value, text)
    }
  }

  /** The row that was begun last has a text that cannot be read. */
  skip(): void {
    this.#skipped++
    const { row } = this.#draft
    if (this.#skippedRows.length < keptSkippedRows && this.#skippedRows.at(-1) !== row) this.#skippedRows.push(row)
  }

  /** The body is nothing that has texts. */
  giveUp(): void {
    this.#isUnreadable = true
  }

  /** What there is so far, with the texts behind what the asker has, or without any. */
  view(lengths: AssembledSoFar['lengths'] | null): TokenReading {
    const draft = this.#draft
    return {
      shape: this.#shape,
      isGivenUp: this.isGivenUp,
      model: draft.model,
      outputs: draft.outputs().map((output) => output.view()),
      usage: draft.usage,
      upstreamTimes: draft.upstreamTimes,
      errors: [...draft.errors],
      skipped: { count: this.#skipped, rows: [...this.#skippedRows] },
      cut: draft.cut,
      texts: lengths === null ? [] : draft.tails(lengths),
      suggestions: this.#reader === null ? this.#suggester.suggestions() : [],
    }
  }

  /** The tokens that were seen to come, by the upstream's count: where reasoning is only counted, its tokens came before the first. */
  visibleTokens(): number | null {
    const { usage } = this.#draft
    if (usage === null || usage.output === null) return null
    const isReasoningSeen = this.#draft.outputs().some((output) => output.hasReasoning)
    return isReasoningSeen ? usage.output : Math.max(0, usage.output - (usage.reasoning ?? 0))
  }

  /** The first text that tells its format decides for the stream; a path is followed where none has. */
  #choose(value: unknown, text: string): void {
    const shape = value === undefined ? null : recogniseShape(value, this.#options.target)
    if (shape !== null) {
      this.#shape = shape
      this.#reader = openShapeReader(shape, this.#draft)
      return
    }
    this.#unknownTexts++
    if (this.#options.path !== null && textsAt(this.#options.path, value, text).length > 0) this.#shape = 'path'
  }

  #readAlongPath(value: unknown, text: string): void {
    const { path } = this.#options
    if (path === null) return
    if (value === undefined && path.length > 0) this.skip()
    for (const piece of textsAt(path, value, text)) this.#draft.output(0)?.addText(piece)
  }
}

/** The texts of a row at a path; a row that is no JSON is text itself, where the path is `$`. */
function textsAt(path: readonly PathStep[], value: unknown, text: string): readonly string[] {
  if (path.length === 0) return typeof value === 'object' && value !== null ? [] : [typeof value === 'string' ? value : text]
  return readPath(value, path).flatMap((found) => (typeof found === 'string' ? [found] : typeof found === 'number' ? [String(found)] : []))
}
