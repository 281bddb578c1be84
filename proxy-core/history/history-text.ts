import { searchableText } from '../searchable-text.ts'
import type { RowSource } from '../row-source.ts'

/** What the index holds together: some rows, with the text of all of them. */
export interface IndexBlock {
  readonly firstRow: number
  /** One past the last. */
  readonly endRow: number
  readonly text: string
}

const blockRows = 256
const blockCharacters = 16_384
/** Of a longer row only the beginning can be found. */
const longestRowBytes = 1_048_576
/** A condition for each would make the question long; these are enough to find few blocks. */
const mostTrigrams = 48

/** The texts of a row that a search looks into: id, type, data and comments. */
export function rowTexts(source: RowSource, index: number): readonly string[] {
  const row = source.row(index)
  if (row === null || !source.isWhole(row.start, row.end)) return []
  return searchableText(row, source.read(row.start, Math.min(row.end, row.start + longestRowBytes)))
}

/** The rows of a body in blocks, as they are indexed. */
export function* textBlocks(source: RowSource): Generator<IndexBlock> {
  let firstRow = source.forgottenRows
  let texts: string[] = []
  let characters = 0
  for (let row = firstRow; row < source.rows; row++) {
    for (const text of rowTexts(source, row)) {
      texts.push(text)
      characters += text.length
    }
    if (row + 1 - firstRow < blockRows && characters < blockCharacters) continue
    yield { firstRow, endRow: row + 1, text: folded(texts.join('\n')) }
    firstRow = row + 1
    texts = []
    characters = 0
  }
  if (characters > 0) yield { firstRow, endRow: source.rows, text: folded(texts.join('\n')) }
}

/** Text as it is compared: in lower case, and without the character that would end it for SQLite. */
export function folded(text: string): string {
  return text.toLowerCase().replaceAll('\0', ' ')
}

/** The question to the index for blocks that may hold a text; null for one too short to be looked up. */
export function indexQuery(text: string): string | null {
  const characters = Array.from(folded(text))
  const trigrams = new Set<string>()
  for (let at = 0; at + 3 <= characters.length; at++) trigrams.add(characters.slice(at, at + 3).join(''))
  if (trigrams.size === 0) return null
  const step = Math.ceil(trigrams.size / mostTrigrams)
  const asked = [...trigrams].filter((_, index) => index % step === 0)
  return asked.map((trigram) => `"${trigram.replaceAll('"', '""')}"`).join(' AND ')
}
