import type { StreamShape } from '../contract/assembled.ts'
import { AnthropicReader, isAnthropic } from './anthropic.ts'
import type { Draft } from './draft.ts'
import { isGemini, readGemini } from './gemini.ts'
import { field, textField } from './json-fields.ts'
import { isOllama, readOllama } from './ollama.ts'
import { isOpenAiChat, readOpenAiChat } from './openai-chat.ts'
import { isOpenAiResponses, OpenAiResponsesReader } from './openai-responses.ts'

export type KnownShape = Exclude<StreamShape, 'path'>

/** Reads the values of one stream, in order. */
export type ShapeReader = (value: unknown) => void

/** The format that a value is in, or null when it tells nothing. */
export function recogniseShape(value: unknown, target: string): KnownShape | null {
  for (const [shape, isOfShape] of telltales) if (isOfShape(value)) return shape
  return isError(value) ? shapeOfPath(target) : null
}

/** A reader for a format, writing into a draft. */
export function openShapeReader(shape: KnownShape, draft: Draft): ShapeReader {
  switch (shape) {
    case 'openai-chat':
      return (value) => readOpenAiChat(value, draft)
    case 'openai-responses': {
      const reader = new OpenAiResponsesReader(draft)
      return (value) => reader.read(value)
    }
    case 'anthropic': {
      const reader = new AnthropicReader(draft)
      return (value) => reader.read(value)
    }
    case 'gemini':
      return (value) => readGemini(value, draft)
    case 'ollama':
      return (value) => readOllama(value, draft)
    default:
      return shape satisfies never
  }
}

// By the data alone: the same formats are spoken by many servers, under any host and path.
const telltales: readonly (readonly [KnownShape, (value: unknown) => boolean])[] = [
  ['openai-chat', isOpenAiChat],
  ['anthropic', isAnthropic],
  ['openai-responses', isOpenAiResponses],
  ['gemini', isGemini],
  ['ollama', isOllama],
]

function isError(value: unknown): boolean {
  return field(value, 'error') !== undefined || textField(value, 'type') === 'error'
}

/** A stream that begins with an error shows its format by its path at most. */
function shapeOfPath(target: string): KnownShape | null {
  const path = target.split('?')[0] ?? ''
  return paths.find(([, form]) => form.test(path))?.[0] ?? null
}

const paths: readonly (readonly [KnownShape, RegExp])[] = [
  ['openai-chat', /\/chat\/completions$/],
  ['openai-responses', /\/responses$/],
  ['anthropic', /\/messages$/],
  ['gemini', /:(stream)?generateContent$/i],
  ['ollama', /\/api\/(chat|generate)$/],
]
