import type { Draft, OutputDraft } from './draft.ts'
import { countField, field, isObject, listField, textField } from './json-fields.ts'

const telltaleTypes = new Set([
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
])

/** Whether a value is an event of the Messages API, or a whole message. */
export function isAnthropic(value: unknown): boolean {
  return telltaleTypes.has(textField(value, 'type') ?? '') || isWhole(value)
}

function isWhole(value: unknown): boolean {
  return textField(value, 'type') === 'message' && Array.isArray(field(value, 'content')) && textField(value, 'role') !== null
}

/** Reads Anthropic Messages streams: one answer made of numbered content blocks. */
export class AnthropicReader {
  readonly #draft: Draft
  /** Something else than text came since the last text, so that the next begins a paragraph. */
  #isApart = false
  #isThoughtApart = false

  constructor(draft: Draft) {
    this.#draft = draft
  }

  read(value: unknown): void {
    const output = this.#draft.output(0)
    if (!output) return
    const index = countField(value, 'index') ?? 0
    switch (textField(value, 'type') ?? '') {
      case 'message_start': {
        const message = field(value, 'message')
        this.#draft.setModel(textField(message, 'model'))
        // Its count of output tokens is only of those so far.
        this.#readUsage(field(message, 'usage'), null)
        return
      }
      case 'message':
        this.#draft.setModel(textField(value, 'model'))
        listField(value, 'content').forEach((block, position) => this.#beginBlock(output, block, position))
        output.finishReason = textField(value, 'stop_reason')
        output.addRefusal(textField(field(value, 'stop_details'), 'explanation'))
        return this.#readUsage(field(value, 'usage'), countField(field(value, 'usage'), 'output_tokens'))
      case 'content_block_start':
        return this.#beginBlock(output, field(value, 'content_block'), index)
      case 'content_block_delta':
        return this.#readDelta(output, field(value, 'delta'), index)
      case 'message_delta':
        output.finishReason = textField(field(value, 'delta'), 'stop_reason') ?? output.finishReason
        output.addRefusal(textField(field(field(value, 'delta'), 'stop_details'), 'explanation'))
        return this.#readUsage(field(value, 'usage'), countField(field(value, 'usage'), 'output_tokens'))
      case 'error': {
        const error = field(value, 'error')
        return this.#draft.addError(textField(error, 'type'), textField(error, 'message'))
      }
      default:
    }
  }

  #beginBlock(output: OutputDraft, block: unknown, index: number): void {
    const type = textField(block, 'type') ?? ''
    if (type === 'text') {
      this.#addText(output, textField(block, 'text'))
      for (const citation of listField(block, 'citations')) addCitation(output, citation)
      return
    }
    this.#isApart = output.hasText
    if (type === 'thinking') {
      this.#isThoughtApart = output.hasReasoning
      this.#addReasoning(output, textField(block, 'thinking'))
    }
    if (type.endsWith('tool_result')) this.#readResult(output, field(block, 'content'))
    if (!type.endsWith('tool_use')) return
    output.addCall(index, {
      kind: type === 'tool_use' ? 'function' : 'server',
      id: textField(block, 'id'),
      name: textField(block, 'name'),
      arguments: wholeInput(field(block, 'input')),
    })
  }

  /** What a tool that the upstream ran has brought: pages that the answer rests on, or that it failed. */
  #readResult(output: OutputDraft, content: unknown): void {
    const failed = textField(content, 'error_code')
    if (failed !== null) this.#draft.addError(failed, 'A tool that the upstream ran has failed.')
    if (Array.isArray(content)) for (const page of content) output.addCitation(textField(page, 'title'), textField(page, 'url'))
  }

  #readDelta(output: OutputDraft, delta: unknown, index: number): void {
    switch (textField(delta, 'type') ?? '') {
      case 'text_delta':
        return this.#addText(output, textField(delta, 'text'))
      case 'thinking_delta':
        return this.#addReasoning(output, textField(delta, 'thinking'))
      case 'input_json_delta':
        return output.addCall(index, { arguments: textField(delta, 'partial_json') })
      case 'citations_delta':
        return addCitation(output, field(delta, 'citation'))
      // A signature seals the thinking for the API; there is nothing in it to read.
      default:
    }
  }

  #readUsage(usage: unknown, outputTokens: number | null): void {
    if (!isObject(usage)) return
    const parts = ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'].map((name) => countField(usage, name))
    const known = parts.filter((part) => part !== null)
    // Cached tokens are counted beside `input_tokens` here, not within.
    const input = parts[0] === null ? null : known.reduce((total, part) => total + part, 0)
    this.#draft.addUsage({ input, output: outputTokens, cached: parts[2] ?? null })
  }

  #addText(output: OutputDraft, piece: string | null): void {
    if (piece === null || piece === '') return
    if (this.#isApart) output.addText('\n\n')
    this.#isApart = false
    output.addText(piece)
  }

  #addReasoning(output: OutputDraft, piece: string | null): void {
    if (piece === null || piece === '') return
    if (this.#isThoughtApart) output.addReasoning('\n\n')
    this.#isThoughtApart = false
    output.addReasoning(piece)
  }
}

/** A block that begins with its whole input, as in a message that came whole; a streamed one begins with an empty object. */
function wholeInput(input: unknown): string | null {
  return isObject(input) && Object.keys(input).length > 0 ? JSON.stringify(input) : null
}

function addCitation(output: OutputDraft, citation: unknown): void {
  output.addCitation(
    textField(citation, 'title') ?? textField(citation, 'document_title') ?? textField(citation, 'cited_text'),
    textField(citation, 'url') ?? textField(citation, 'source'),
  )
}
