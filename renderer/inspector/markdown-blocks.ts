/** A block of Markdown; what is inside of quotes and items is Markdown again. */
export type MarkdownBlock =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'quote'; readonly text: string }
  | { readonly kind: 'list'; readonly start: number | null; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'rule' }

const fence = /^ {0,3}(`{3,}|~{3,})\s*([^\s`]*)[^`]*$/
const heading = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/
const rule = /^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/
const quote = /^ {0,3}>\s?/
const item = /^( {0,3})([-*+]|\d{1,9}[.)])(\s+|$)/
const tableRule = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/

/** Divides a text into its blocks. HTML is none: it is the text that it is. A fence that is still open reaches to the end. */
export function markdownBlocks(text: string): readonly MarkdownBlock[] {
  const lines = text.split(/\r\n|\r|\n/)
  const blocks: MarkdownBlock[] = []
  let at = 0
  while (at < lines.length) {
    const line = lines[at] ?? ''
    if (line.trim() === '') {
      at++
      continue
    }
    const [block, end] =
      takeFence(lines, at) ??
      takeHeading(line, at) ??
      takeQuote(lines, at) ??
      takeList(lines, at) ??
      takeTable(lines, at) ??
      takeParagraph(lines, at)
    blocks.push(block)
    at = end
  }
  return blocks
}

type Taken = readonly [block: MarkdownBlock, end: number]

function takeFence(lines: readonly string[], at: number): Taken | null {
  const opened = fence.exec(lines[at] ?? '')
  if (!opened) return null
  const [, marks = '', language = ''] = opened
  const closing = new RegExp(`^ {0,3}${marks.charAt(0)}{${marks.length},}\\s*$`)
  let end = at + 1
  while (end < lines.length && !closing.test(lines[end] ?? '')) end++
  return [{ kind: 'code', language, text: lines.slice(at + 1, end).join('\n') }, end + 1]
}

function takeHeading(line: string, at: number): Taken | null {
  const found = heading.exec(line)
  if (found) return [{ kind: 'heading', level: found[1]?.length ?? 1, text: found[2] ?? '' }, at + 1]
  return rule.test(line) ? [{ kind: 'rule' }, at + 1] : null
}

function takeQuote(lines: readonly string[], at: number): Taken | null {
  let end = at
  while (end < lines.length && quote.test(lines[end] ?? '')) end++
  if (end === at) return null
  const text = lines
    .slice(at, end)
    .map((line) => line.replace(quote, ''))
    .join('\n')
  return [{ kind: 'quote', text }, end]
}

function takeList(lines: readonly string[], at: number): Taken | null {
  const first = item.exec(lines[at] ?? '')
  if (!first) return null
  const isNumbered = /\d/.test(first[2] ?? '')
  const items: string[][] = []
  let indent = 0
  let end = at
  for (; end < lines.length; end++) {
    const line = lines[end] ?? ''
    const indented = line.length - line.trimStart().length
    const found = item.exec(line)
    if (line.trim() === '') {
      const next = lines[end + 1] ?? ''
      const goesOn = next.trim() !== '' && (next.length - next.trimStart().length >= indent || isSibling(next, isNumbered))
      if (!goesOn) break
      items.at(-1)?.push('')
    } else if (found && (items.length === 0 || indented < indent)) {
      if (!isSibling(line, isNumbered)) break
      indent = Math.min(found[0].length, (found[1]?.length ?? 0) + (found[2]?.length ?? 0) + 1)
      items.push([line.slice(found[0].length)])
    } else if (indented >= Math.min(indent, 2)) {
      items.at(-1)?.push(line.slice(Math.min(indented, indent)))
    } else if (isBlockStart(line) || items.at(-1)?.at(-1) === '') break
    else items.at(-1)?.push(line)
  }
  return [{ kind: 'list', start: isNumbered ? Number.parseInt(first[2] ?? '1', 10) : null, items: items.map((own) => own.join('\n')) }, end]
}

function isSibling(line: string, isNumbered: boolean): boolean {
  const found = item.exec(line)
  return found !== null && !rule.test(line) && /\d/.test(found[2] ?? '') === isNumbered
}

function takeTable(lines: readonly string[], at: number): Taken | null {
  const [first = '', second = ''] = lines.slice(at, at + 2)
  if (!first.includes('|') || !second.includes('-') || !tableRule.test(second)) return null
  const head = cells(first)
  if (cells(second).length !== head.length) return null
  let end = at + 2
  while (end < lines.length && (lines[end] ?? '').includes('|')) end++
  const rows = lines.slice(at + 2, end).map((line) => {
    const found = cells(line)
    return head.map((_, column) => found[column] ?? '')
  })
  return [{ kind: 'table', head, rows }, end]
}

function cells(line: string): string[] {
  const inner = line.trim().replace(/^\|/, '').replace(/\|$/, '')
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'))
}

function takeParagraph(lines: readonly string[], at: number): Taken {
  let end = at + 1
  while (end < lines.length && (lines[end] ?? '').trim() !== '' && !isBlockStart(lines[end] ?? '')) end++
  return [{ kind: 'paragraph', text: lines.slice(at, end).join('\n') }, end]
}

function isBlockStart(line: string): boolean {
  return fence.test(line) || heading.test(line) || rule.test(line) || quote.test(line) || item.test(line)
}
