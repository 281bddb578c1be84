import type {
  AssembledCut,
  AssembledOutput,
  Citation,
  StreamError,
  TextTail,
  TokenUsage,
  ToolCall,
  UpstreamTimes,
} from '../contract/assembled.ts'

/** Characters that one assembly keeps, all its texts together. */
const keptCharacters = 2_097_152
const keptOutputs = 32
const keptToolCalls = 64
const keptCitations = 64
const keptErrors = 20
/** Ids, names, models and messages are shown in full up to here. */
const labelLength = 400

/** The texts of one assembly, which only grow. Beyond its room for all of them the rest is counted and not kept. */
class Texts {
  readonly #values: string[] = []
  #kept = 0
  omitted = 0

  begin(): number {
    this.#values.push('')
    return this.#values.length - 1
  }

  length(number: number): number {
    return this.#values[number]?.length ?? 0
  }

  append(number: number, piece: string): void {
    const room = Math.max(0, keptCharacters - this.#kept)
    const taken = piece.length <= room ? piece : piece.slice(0, room)
    this.#values[number] = (this.#values[number] ?? '') + taken
    this.#kept += taken.length
    this.omitted += piece.length - taken.length
  }

  /** What is behind the given lengths. */
  tails(lengths: readonly number[]): TextTail[] {
    const tails: TextTail[] = []
    this.#values.forEach((value, text) => {
      const offset = Math.min(lengths[text] ?? 0, value.length)
      if (offset < value.length) tails.push({ text, offset, tail: value.slice(offset) })
    })
    return tails
  }
}

/** A call as its pieces come. */
interface CallDraft {
  readonly kind: ToolCall['kind']
  id: string | null
  name: string | null
  arguments: number | null
}

/** One answer as its pieces come. */
export class OutputDraft {
  readonly index: number
  finishReason: string | null = null
  readonly #draft: Draft
  readonly #calls = new Map<string | number, CallDraft>()
  readonly #citations: Citation[] = []
  /** Where in a call's arguments the last piece was, where they come so. */
  #lastPath = ''
  #text: number | null = null
  #reasoning: number | null = null
  #refusal: number | null = null

  constructor(index: number, draft: Draft) {
    this.index = index
    this.#draft = draft
  }

  get hasText(): boolean {
    return this.#text !== null
  }
  get hasReasoning(): boolean {
    return this.#reasoning !== null
  }
  get hasRefusal(): boolean {
    return this.#refusal !== null
  }

  addText(piece: string | null): void {
    this.#text = this.#draft.append(this.#text, piece)
  }

  addReasoning(piece: string | null): void {
    this.#reasoning = this.#draft.append(this.#reasoning, piece)
  }

  addRefusal(piece: string | null): void {
    this.#refusal = this.#draft.append(this.#refusal, piece)
  }

  /** Adds what a piece says of a call; `key` tells calls apart. Beyond the limit they are counted and not kept. */
  addCall(
    key: string | number,
    piece: { kind?: ToolCall['kind']; id?: string | null; name?: string | null; arguments?: string | null },
  ): void {
    let call = this.#calls.get(key)
    if (!call) {
      if (this.#calls.size >= keptToolCalls) {
        this.#draft.omitToolCall()
        return
      }
      call = { kind: piece.kind ?? 'function', id: null, name: null, arguments: null }
      this.#calls.set(key, call)
      this.#draft.hasGrown = true
    }
    call.id ??= label(piece.id)
    call.name ??= label(piece.name)
    call.arguments = this.#draft.append(call.arguments, piece.arguments ?? null)
  }

  /** Adds to the last call a piece of what stands at a path of its arguments, a line for each path. */
  addArgumentAt(path: string, piece: string): void {
    const [key] = [...this.#calls.keys()].slice(-1)
    if (key === undefined) return
    const isNew = path !== this.#lastPath || this.argumentLength(key) === 0
    const start = isNew ? `${this.argumentLength(key) > 0 ? '\n' : ''}${path}: ` : ''
    this.#lastPath = path
    this.addCall(key, { arguments: `${start}${piece}` })
  }

  /** Characters of a call's arguments so far. */
  argumentLength(key: string | number): number {
    const text = this.#calls.get(key)?.arguments ?? null
    return text === null ? 0 : this.#draft.textLength(text)
  }

  addCitation(title: string | null, url: string | null): void {
    const citation = { title: label(title) ?? '', url: label(url) ?? '' }
    if (citation.title === '' && citation.url === '') return
    const isKnown = this.#citations.some((known) => known.url === citation.url && known.title === citation.title)
    if (!isKnown && this.#citations.length < keptCitations) this.#citations.push(citation)
  }

  view(): AssembledOutput {
    return {
      index: this.index,
      text: this.#text,
      reasoning: this.#reasoning,
      refusal: this.#refusal,
      toolCalls: Array.from(this.#calls.values(), (call) => ({ ...call })),
      citations: [...this.#citations],
      finishReason: this.finishReason,
    }
  }
}

/** What the rows of a stream have said so far; the readers of the formats write into it. */
export class Draft {
  /** The row that is being read. */
  row = 0
  /** The row that is being read brought text, or a call. */
  hasGrown = false
  usage: TokenUsage | null = null
  upstreamTimes: UpstreamTimes | null = null
  readonly errors: StreamError[] = []
  #model: string | null = null
  readonly #texts = new Texts()
  readonly #outputs = new Map<number, OutputDraft>()
  readonly #omittedOutputs = new Set<number>()
  #omittedToolCalls = 0

  get model(): string | null {
    return this.#model
  }

  get cut(): AssembledCut {
    return { characters: this.#texts.omitted, outputs: this.#omittedOutputs.size, toolCalls: this.#omittedToolCalls }
  }

  /** Names the model; the last name counts, since routers say at the end what they chose. */
  setModel(name: string | null): void {
    if (name !== null && name !== '') this.#model = label(name)
  }

  /** The answer of an index; null beyond the limit. */
  output(index: number): OutputDraft | null {
    const known = this.#outputs.get(index)
    if (known) return known
    if (this.#outputs.size >= keptOutputs) {
      if (this.#omittedOutputs.size < 10_000) this.#omittedOutputs.add(index)
      return null
    }
    const output = new OutputDraft(index, this)
    this.#outputs.set(index, output)
    return output
  }

  addUsage(usage: Partial<TokenUsage>): void {
    const { input = null, output = null, reasoning = null, cached = null } = usage
    const before = this.usage
    this.usage = {
      input: input ?? before?.input ?? null,
      output: output ?? before?.output ?? null,
      reasoning: reasoning ?? before?.reasoning ?? null,
      cached: cached ?? before?.cached ?? null,
    }
  }

  addError(code: string | null, message: string | null): void {
    if (this.errors.length < keptErrors)
      this.errors.push({ row: this.row, code: label(code), message: label(message) ?? 'The upstream said no more.' })
  }

  omitToolCall(): void {
    this.#omittedToolCalls++
  }

  /** Appends to a text, which begins with its first piece; returns its number. */
  append(text: number | null, piece: string | null): number | null {
    if (piece === null || piece === '') return text
    const number = text ?? this.#texts.begin()
    this.#texts.append(number, piece)
    this.hasGrown = true
    return number
  }

  textLength(text: number): number {
    return this.#texts.length(text)
  }

  tails(lengths: readonly number[]): TextTail[] {
    return this.#texts.tails(lengths)
  }

  outputs(): OutputDraft[] {
    return Array.from(this.#outputs.values()).sort((a, b) => a.index - b.index)
  }
}

function label(text: string | null | undefined): string | null {
  return text === null || text === undefined || text === '' ? null : text.slice(0, labelLength)
}
