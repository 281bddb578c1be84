import type { Assembled, StreamShape, TokenPace } from '../../proxy-core/contract/assembled.ts'
import { formatCount, formatDuration, formatRate, plural } from '../text.ts'

/** The names of the formats that can be put together. */
export const shapeNames: Readonly<Record<StreamShape, string>> = {
  'openai-chat': 'OpenAI Chat Completions',
  'openai-responses': 'OpenAI Responses',
  anthropic: 'Anthropic Messages',
  gemini: 'Gemini',
  ollama: 'Ollama',
  path: 'A JSON path',
}

const atOnceMs = 5

/** How fast tokens came: by the upstream's own count, or about so fast, by the rows that brought text. */
export function paceWords({ tokensPerSecond, rowsPerSecond, rows, first, last }: TokenPace): string | null {
  // A release hands many on in one moment; a rate of that says nothing.
  if (rows > 1 && first && last && last.at - first.at < atOnceMs) return 'at once'
  if (tokensPerSecond !== null) return `${formatRate(tokensPerSecond)} tokens/s`
  return rowsPerSecond === null ? null : `~${formatRate(rowsPerSecond)} tokens/s`
}

/** Where that number is from. */
export function paceTitle({ tokensPerSecond }: TokenPace): string {
  return tokensPerSecond === null
    ? 'Pieces of text a second, from the first to the last; the upstream has not said how many tokens they were'
    : 'By the upstream’s own count of tokens, from the first piece of text to the last'
}

/** The silences between pieces of text on one clock. */
export function stallWords({ stalls, longestStallMs, rows }: TokenPace): string {
  if (rows === 0) return '–'
  return stalls === 0 ? 'none' : `${formatCount(stalls)}, longest ${formatDuration(longestStallMs)}`
}

/** What was left out of an assembled stream, a sentence each. */
export function omittedWords({ missedRows, skipped, cut }: Assembled): readonly string[] {
  const words: string[] = []
  if (missedRows > 0) words.push(`${plural(missedRows, 'row')} forgotten before they were read: the beginning is missing.`)
  if (skipped.count > 0) words.push(`${plural(skipped.count, 'row')} passed over, for being no JSON or too long.`)
  if (cut.characters > 0) words.push(`${plural(cut.characters, 'further character')} not kept here; the raw tab has them.`)
  if (cut.outputs > 0) words.push(`${plural(cut.outputs, 'further choice')} not shown.`)
  if (cut.toolCalls > 0) words.push(`${plural(cut.toolCalls, 'further call')} not shown.`)
  return words
}
