import type { Draft } from './draft.ts'
import { stringifyWithIntegers } from './exact-integers.ts'
import { countField, field, isObject, listField, textField } from './json-fields.ts'

/** Whether a value is a line of Ollama's /api/chat or /api/generate. */
export function isOllama(value: unknown): boolean {
  return typeof field(value, 'done') === 'boolean' && (isObject(field(value, 'message')) || textField(value, 'response') !== null)
}

/** Reads one line of an Ollama stream. */
export function readOllama(value: unknown, draft: Draft): void {
  const error = textField(value, 'error')
  if (error !== null) draft.addError(null, error)
  draft.setModel(textField(value, 'model'))
  const output = draft.output(0)
  if (!output) return
  const message = field(value, 'message')
  output.addReasoning(textField(message, 'thinking') ?? textField(value, 'thinking'))
  output.addText(textField(message, 'content') ?? textField(value, 'response'))
  listField(message, 'tool_calls').forEach((call, position) => {
    const called = field(call, 'function')
    const args = field(called, 'arguments')
    output.addCall(`${draft.row} ${position}`, {
      id: textField(call, 'id'),
      name: textField(called, 'name'),
      arguments: typeof args === 'string' ? args : args === undefined ? null : stringifyWithIntegers(args),
    })
  })
  if (field(value, 'done') !== true) return
  output.finishReason = textField(value, 'done_reason') ?? 'done'
  draft.addUsage({ input: countField(value, 'prompt_eval_count'), output: countField(value, 'eval_count') })
  draft.upstreamTimes = {
    loadMs: milliseconds(value, 'load_duration'),
    promptMs: milliseconds(value, 'prompt_eval_duration'),
    outputMs: milliseconds(value, 'eval_duration'),
    totalMs: milliseconds(value, 'total_duration'),
  }
}

/** Ollama's durations are nanoseconds. */
function milliseconds(value: unknown, name: string): number | null {
  const nanoseconds = countField(value, name)
  return nanoseconds === null ? null : nanoseconds / 1e6
}
