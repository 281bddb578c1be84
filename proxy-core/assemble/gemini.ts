import type { Draft, OutputDraft } from './draft.ts'
import { stringifyWithIntegers } from './exact-integers.ts'
import { countField, field, isObject, listField, textField } from './json-fields.ts'

/** Whether a value is an answer of Gemini's generateContent, or a part of a streamed one. */
export function isGemini(value: unknown): boolean {
  const answer = unwrapped(value)
  const [first] = listField(answer, 'candidates')
  if (isObject(first)) return ['content', 'finishReason', 'index', 'safetyRatings'].some((name) => field(first, name) !== undefined)
  return (
    isObject(field(answer, 'promptFeedback')) || (isObject(field(answer, 'usageMetadata')) && field(answer, 'modelVersion') !== undefined)
  )
}

/** Reads one value of a Gemini stream; each has the shape of a whole answer, with the text since the last. */
export function readGemini(value: unknown, draft: Draft): void {
  const answer = unwrapped(value)
  draft.setModel(textField(answer, 'modelVersion'))
  listField(answer, 'candidates').forEach((candidate, position) => {
    const output = draft.output(countField(candidate, 'index') ?? position)
    if (output) readCandidate(candidate, output, draft)
  })
  const blocked = textField(field(answer, 'promptFeedback'), 'blockReason')
  if (blocked !== null)
    draft.addError(blocked, textField(field(answer, 'promptFeedback'), 'blockReasonMessage') ?? 'The prompt was blocked.')
  const error = field(answer, 'error')
  if (isObject(error)) draft.addError(textField(error, 'status'), textField(error, 'message'))
  readUsage(field(answer, 'usageMetadata'), draft)
}

/** Some of Google's endpoints put each answer into a `response`. */
function unwrapped(value: unknown): unknown {
  const response = field(value, 'response')
  return Array.isArray(field(response, 'candidates')) ? response : value
}

function readCandidate(candidate: unknown, output: OutputDraft, draft: Draft): void {
  listField(field(candidate, 'content'), 'parts').forEach((part, position) => {
    const text = textField(part, 'text')
    if (field(part, 'thought') === true) output.addReasoning(text)
    else output.addText(text)
    // A call comes whole, so it has a place of its own by its row.
    const key = `${draft.row} ${position}`
    const call = field(part, 'functionCall')
    if (isObject(call)) readCall(call, key, output)
    const code = field(part, 'executableCode')
    if (isObject(code)) output.addCall(key, { kind: 'server', name: 'code execution', arguments: textField(code, 'code') })
  })
  for (const chunk of listField(field(candidate, 'groundingMetadata'), 'groundingChunks')) {
    const source = field(chunk, 'web') ?? field(chunk, 'retrievedContext') ?? field(chunk, 'maps')
    output.addCitation(textField(source, 'title'), textField(source, 'uri'))
  }
  const cited = field(candidate, 'citationMetadata')
  for (const source of [...listField(cited, 'citationSources'), ...listField(cited, 'citations')]) {
    output.addCitation(textField(source, 'title'), textField(source, 'uri'))
  }
  output.finishReason = textField(candidate, 'finishReason') ?? output.finishReason
}

/** A call comes whole, or its name first and then what it is given, piece by piece, in calls that have no name. */
function readCall(call: unknown, key: string, output: OutputDraft): void {
  const name = textField(call, 'name')
  const args = field(call, 'args')
  if (name !== null || args !== undefined) {
    const whole = args === undefined ? null : stringifyWithIntegers(args)
    output.addCall(key, { id: textField(call, 'id'), name, arguments: whole })
    return
  }
  for (const piece of listField(call, 'partialArgs')) output.addArgumentAt(textField(piece, 'jsonPath') ?? '$', valueOf(piece))
}

/** A string as it is, since more of it may come; of other kinds the value as JSON. */
function valueOf(piece: unknown): string {
  const text = textField(piece, 'stringValue')
  if (text !== null) return text
  const value = ['numberValue', 'boolValue', 'nullValue'].map((name) => field(piece, name)).find((found) => found !== undefined)
  return value === undefined ? '' : stringifyWithIntegers(value === 'NULL_VALUE' ? null : value)
}

function readUsage(usage: unknown, draft: Draft): void {
  if (!isObject(usage)) return
  const reasoning = countField(usage, 'thoughtsTokenCount')
  const answer = countField(usage, 'candidatesTokenCount')
  const prompt = countField(usage, 'promptTokenCount')
  draft.addUsage({
    // What tools brought was read by the model too, and is counted beside the prompt.
    input: prompt === null ? null : prompt + (countField(usage, 'toolUsePromptTokenCount') ?? 0),
    // Thoughts are counted beside the candidates here, not within.
    output: answer === null && reasoning === null ? null : (answer ?? 0) + (reasoning ?? 0),
    reasoning,
    cached: countField(usage, 'cachedContentTokenCount'),
  })
}
