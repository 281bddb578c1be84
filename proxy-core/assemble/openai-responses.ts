import type { Draft, OutputDraft } from './draft.ts'
import { countField, field, isObject, listField, textField } from './json-fields.ts'

/** Whether a value is an event of the Responses API, or a whole response. */
export function isOpenAiResponses(value: unknown): boolean {
  return textField(value, 'type')?.startsWith('response.') === true || isWhole(value)
}

function isWhole(value: unknown): boolean {
  return textField(value, 'object') === 'response' && Array.isArray(field(value, 'output'))
}

/** Reads OpenAI Responses streams. A response is one answer made of items: messages, reasoning and calls, told apart by `output_index`. */
export class OpenAiResponsesReader {
  readonly #draft: Draft
  /** The part that the last piece of each text was of. */
  #lastText = ''
  #lastReasoning = ''
  /** Parts that came in pieces, whose end repeats them. */
  readonly #pieced = new Set<string>()

  constructor(draft: Draft) {
    this.#draft = draft
  }

  read(value: unknown): void {
    const output = this.#draft.output(0)
    if (!output) return
    const type = textField(value, 'type') ?? ''
    const response = field(value, 'response')
    if (isWhole(value)) {
      this.#readResponse(value)
      listField(value, 'output').forEach((item, index) => this.#readItem(output, item, index))
    } else if (isObject(response)) {
      this.#readResponse(response)
    } else if (type === 'error') {
      const error = field(value, 'error') ?? value
      this.#draft.addError(textField(error, 'code') ?? textField(error, 'type'), textField(error, 'message'))
    } else {
      this.#readPiece(output, type, value)
    }
  }

  #readPiece(output: OutputDraft, type: string, value: unknown): void {
    const item = countField(value, 'output_index') ?? 0
    const part = `${type.replace(/\.(delta|done)$/, '')} ${item} ${countField(value, 'content_index') ?? countField(value, 'summary_index') ?? 0}`
    const isDone = type.endsWith('.done')
    // The end of a part repeats it whole; it counts where no piece of it was seen.
    if (isDone && this.#pieced.has(part)) return
    if (!isDone && this.#pieced.size < 10_000) this.#pieced.add(part)
    switch (type) {
      case 'response.output_text.delta':
        return this.#addText(output, item, textField(value, 'delta'))
      case 'response.audio.transcript.delta':
        return this.#addText(output, item, textField(value, 'delta'))
      case 'response.output_text.done':
        return this.#addText(output, item, textField(value, 'text'))
      case 'response.refusal.delta':
        return output.addRefusal(textField(value, 'delta'))
      case 'response.refusal.done':
        return output.addRefusal(textField(value, 'refusal'))
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        return this.#addReasoning(output, part, textField(value, 'delta'))
      case 'response.reasoning_summary_text.done':
      case 'response.reasoning_text.done':
        return this.#addReasoning(output, part, textField(value, 'text'))
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
      case 'response.mcp_call_arguments.delta':
      case 'response.code_interpreter_call_code.delta':
        return output.addCall(item, { arguments: textField(value, 'delta') })
      case 'response.function_call_arguments.done':
      case 'response.custom_tool_call_input.done':
      case 'response.mcp_call_arguments.done':
      case 'response.code_interpreter_call_code.done':
        return output.addCall(item, {
          arguments: textField(value, 'arguments') ?? textField(value, 'input') ?? textField(value, 'code'),
        })
      case 'response.output_text.annotation.added':
        return addAnnotation(output, field(value, 'annotation'))
      case 'response.output_item.added':
        return this.#beginItem(output, field(value, 'item'), item)
      case 'response.output_item.done':
        return this.#endItem(output, field(value, 'item'), item)
      default:
    }
  }

  #readResponse(response: unknown): void {
    const draft = this.#draft
    draft.setModel(textField(response, 'model'))
    const status = textField(response, 'status')
    const output = draft.output(0)
    if (output && status !== null && status !== 'in_progress' && status !== 'queued') {
      output.finishReason = textField(field(response, 'incomplete_details'), 'reason') ?? status
    }
    const error = field(response, 'error')
    if (isObject(error)) draft.addError(textField(error, 'code'), textField(error, 'message'))
    const usage = field(response, 'usage')
    if (!isObject(usage)) return
    draft.addUsage({
      input: countField(usage, 'input_tokens'),
      output: countField(usage, 'output_tokens'),
      reasoning: countField(field(usage, 'output_tokens_details'), 'reasoning_tokens'),
      cached: countField(field(usage, 'input_tokens_details'), 'cached_tokens'),
    })
  }

  /** An item begins: only calls say something before their first piece. */
  #beginItem(output: OutputDraft, item: unknown, index: number): void {
    const type = textField(item, 'type') ?? ''
    if (!/_call$|^mcp_approval_request$/.test(type)) return
    const isFunction = type === 'function_call' || type === 'custom_tool_call'
    output.addCall(index, {
      kind: isFunction ? 'function' : 'server',
      id: textField(item, 'call_id') ?? textField(item, 'id'),
      name: textField(item, 'name') ?? type.replace(/_call$/, ''),
    })
  }

  /** An item ends: what the upstream ran by itself is told with it alone. */
  #endItem(output: OutputDraft, item: unknown, index: number): void {
    if (output.argumentLength(index) > 0) return
    this.#beginItem(output, item, index)
    const whole = argumentsOf(item)
    if (whole !== null) output.addCall(index, { arguments: whole })
  }

  /** An item of a response that came whole. */
  #readItem(output: OutputDraft, item: unknown, index: number): void {
    this.#endItem(output, item, index)
    const type = textField(item, 'type')
    for (const summary of listField(item, 'summary')) output.addReasoning(textField(summary, 'text'))
    for (const part of listField(item, 'content')) {
      if (type === 'message') this.#addText(output, index, textField(part, 'text'))
      if (type === 'reasoning') output.addReasoning(textField(part, 'text'))
      output.addRefusal(textField(part, 'refusal'))
      for (const note of listField(part, 'annotations')) addAnnotation(output, note)
    }
  }

  #addText(output: OutputDraft, item: number, piece: string | null): void {
    if (output.hasText && this.#lastText !== String(item) && piece !== null && piece !== '') output.addText('\n\n')
    this.#lastText = String(item)
    output.addText(piece)
  }

  #addReasoning(output: OutputDraft, part: string, piece: string | null): void {
    if (output.hasReasoning && this.#lastReasoning !== part && piece !== null && piece !== '') output.addReasoning('\n\n')
    this.#lastReasoning = part
    output.addReasoning(piece)
  }
}

function addAnnotation(output: OutputDraft, note: unknown): void {
  output.addCitation(textField(note, 'title') ?? textField(note, 'filename'), textField(note, 'url'))
}

/** What a call was given: text, or the one field that says what was done. */
function argumentsOf(item: unknown): string | null {
  const text = textField(item, 'arguments') ?? textField(item, 'input') ?? textField(item, 'code')
  if (text !== null) return text
  const done = ['action', 'actions', 'operation', 'queries']
    .map((name) => field(item, name))
    .find((value) => value !== undefined && value !== null)
  return done === undefined ? null : JSON.stringify(done)
}
