/** A run of text inside of a block. */
export type MarkdownRun =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'struck'; readonly runs: readonly MarkdownRun[] }
  | { readonly kind: 'link'; readonly text: string; readonly url: string }

const deepest = 5
/** Emphasis that has not ended within so many characters is none, so that no text takes long. */
const longestSpan = 1000
/** A block longer than this is text alone. */
const longestBlock = 20_000

const link =
  /!?\[((?:[^[\]\\]|\\.){0,400})\]\(\s*<?([^\s()<>]{0,2000}(?:\([^\s()<>]{0,400}\)[^\s()<>]{0,400})?)>?(?:\s+"[^"]{0,400}")?\s*\)/y
const marks = ['***', '**', '*', '__', '_', '~~'] as const

/** Finds code, emphasis and links in the text of a block; anything else is text, markup of HTML too. */
export function markdownRuns(text: string, depth = 0): readonly MarkdownRun[] {
  if (text.length > longestBlock) return [{ kind: 'text', text }]
  const runs: MarkdownRun[] = []
  const unclosed = new Set<string>()
  let plain = ''
  const push = (run: MarkdownRun): void => {
    if (plain !== '') runs.push({ kind: 'text', text: plain })
    plain = ''
    runs.push(run)
  }
  let at = 0
  while (at < text.length) {
    const next = nextSpecial(text, at)
    plain += text.slice(at, next)
    at = next
    if (at >= text.length) break
    if (text[at] === '\\' && /[!-/:-@[-`{-~]/.test(text[at + 1] ?? '')) {
      plain += text[at + 1]
      at += 2
      continue
    }
    const found = takeCode(text, at, unclosed) ?? takeLink(text, at) ?? (depth < deepest ? takeEmphasis(text, at, depth) : null)
    if (found) {
      push(found.run)
      at = found.end
      continue
    }
    // A run of marks that opens nothing is passed whole, so that its rest is not taken for a shorter one.
    const mark = text[at] ?? ''
    let end = at + 1
    while (text[end] === mark && '`*_~'.includes(mark)) end++
    plain += text.slice(at, end)
    at = end
  }
  if (plain !== '') runs.push({ kind: 'text', text: plain })
  return runs
}

interface Found {
  readonly run: MarkdownRun
  readonly end: number
}

function nextSpecial(text: string, from: number): number {
  let at = from
  while (at < text.length && !'\\`*_~[!'.includes(text[at] as string)) at++
  return at
}

function takeCode(text: string, at: number, unclosed: Set<string>): Found | null {
  if (text[at] !== '`') return null
  let start = at
  while (text[start] === '`') start++
  const fence = text.slice(at, start)
  if (unclosed.has(fence)) return null
  let end = text.indexOf(fence, start)
  while (end >= 0 && text[end + fence.length] === '`') {
    while (text[end] === '`') end++
    end = text.indexOf(fence, end)
  }
  if (end < 0) {
    unclosed.add(fence)
    return null
  }
  return { run: { kind: 'code', text: text.slice(start, end).replace(/^ (.*[^ ].*) $/s, '$1') }, end: end + fence.length }
}

function takeLink(text: string, at: number): Found | null {
  if (text[at] !== '[' && !text.startsWith('![', at)) return null
  link.lastIndex = at
  const match = link.exec(text)
  return match && { run: { kind: 'link', text: match[1] ?? '', url: match[2] ?? '' }, end: link.lastIndex }
}

function takeEmphasis(text: string, at: number, depth: number): Found | null {
  const mark = marks.find((each) => text.startsWith(each, at))
  if (mark === undefined) return null
  const start = at + mark.length
  const char = mark.charAt(0)
  if (text[start] === char || /^\s?$/.test(text[start] ?? '') || (char === '_' && isWord(text[at - 1]))) return null
  const end = closingMark(text, start, mark)
  if (end < 0) return null
  const runs = markdownRuns(text.slice(start, end), depth + 1)
  const run: MarkdownRun =
    mark === '~~'
      ? { kind: 'struck', runs }
      : mark.length === 3
        ? { kind: 'strong', runs: [{ kind: 'emphasis', runs }] }
        : { kind: mark.length === 2 ? 'strong' : 'emphasis', runs }
  return { run, end: end + mark.length }
}

function closingMark(text: string, start: number, mark: string): number {
  const char = mark.charAt(0)
  const limit = Math.min(text.length, start + longestSpan)
  for (let at = start; at < limit; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === char) {
      let end = at
      while (text[end] === char) end++
      const isClosing = !/\s/.test(text[at - 1] ?? ' ') && !(char === '_' && isWord(text[end]))
      // A longer run closes the inner one first, and this one with its rest.
      if (isClosing && (end - at === mark.length || (end - at === 3 && mark.length < 3))) return end - mark.length
      at = end - 1
    }
  }
  return -1
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character)
}
