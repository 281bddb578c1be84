import type { Draft, OutputDraft } from './draft.ts'
import { countField, field, isObject, listField, textField } from './json-fields.ts'

/** Whether a value is a chunk of a chat completion, or a whole one; Azure and others leave `object` empty. */
export function isOpenAiChat(value: unknown): boolean {
  if (!Array.isArray(field(value, 'choices'))) return false
  const object = textField(value, 'object') ?? ''
  if (object.startsWith('chat.completion') || object === 'text_completion') return true
  const [first] = listField(value, 'choices')
  return ['delta', 'message', 'text'].some((name) => field(first, name) !== undefined)
}

/** Reads one value of an OpenAI Chat Completions stream, or of the many APIs that speak it; a whole answer is read like one chunk. */
export function readOpenAiChat(value: unknown, draft: Draft): void {
  draft.setModel(textField(value, 'model'))
  listField(value, 'choices').forEach((choice, position) => {
    const output = draft.output(countField(choice, 'index') ?? position)
    if (output) readChoice(choice, output)
  })
  readSources(value, draft)
  readUsage(field(value, 'usage') ?? field(field(value, 'x_groq'), 'usage'), draft)
  readError(value, draft)
}

function readChoice(choice: unknown, output: OutputDraft): void {
  const delta = field(choice, 'delta') ?? field(choice, 'message')
  const reasoning = textField(delta, 'reasoning_content') ?? textField(delta, 'reasoning')
  output.addReasoning(reasoning)
  // Routers that give it both ways repeat it in the details.
  if (reasoning === null) {
    for (const detail of listField(delta, 'reasoning_details'))
      output.addReasoning(textField(detail, 'text') ?? textField(detail, 'summary'))
  }
  readContent(field(delta, 'content'), output)
  output.addText(textField(choice, 'text'))
  output.addText(textField(field(delta, 'audio'), 'transcript'))
  output.addRefusal(textField(delta, 'refusal'))
  listField(delta, 'tool_calls').forEach((call, position) => {
    // Some servers send whole calls without an index, told apart by their ids.
    const key = countField(call, 'index') ?? textField(call, 'id') ?? position
    const called = field(call, 'function') ?? field(call, 'custom')
    output.addCall(key, {
      id: textField(call, 'id'),
      name: textField(called, 'name'),
      arguments: textField(called, 'arguments') ?? textField(called, 'input'),
    })
  })
  const legacy = field(delta, 'function_call')
  if (isObject(legacy)) output.addCall('function_call', { name: textField(legacy, 'name'), arguments: textField(legacy, 'arguments') })
  for (const note of listField(delta, 'annotations')) {
    const cited = field(note, 'url_citation')
    output.addCitation(textField(cited, 'title'), textField(cited, 'url'))
  }
  output.finishReason = textField(choice, 'finish_reason') ?? output.finishReason
}

/** Content is a string, or a list of parts where a server tells thinking from text by them. */
function readContent(content: unknown, output: OutputDraft): void {
  if (typeof content === 'string') output.addText(content)
  if (!Array.isArray(content)) return
  for (const part of content) {
    output.addText(textField(part, 'text'))
    for (const thought of listField(part, 'thinking')) output.addReasoning(textField(thought, 'text'))
  }
}

/** Servers that search name what they found beside the choices, anew in each chunk. */
function readSources(value: unknown, draft: Draft): void {
  for (const result of listField(value, 'search_results')) {
    draft.output(0)?.addCitation(textField(result, 'title'), textField(result, 'url'))
  }
}

function readUsage(usage: unknown, draft: Draft): void {
  if (!isObject(usage)) return
  draft.addUsage({
    input: countField(usage, 'prompt_tokens'),
    output: countField(usage, 'completion_tokens'),
    reasoning: countField(field(usage, 'completion_tokens_details'), 'reasoning_tokens'),
    cached: countField(field(usage, 'prompt_tokens_details'), 'cached_tokens') ?? countField(usage, 'prompt_cache_hit_tokens'),
  })
}

function readError(value: unknown, draft: Draft): void {
  const error = field(value, 'error')
  if (typeof error === 'string') draft.addError(null, error)
  if (isObject(error)) draft.addError(textField(error, 'code') ?? textField(error, 'type'), textField(error, 'message'))
}
