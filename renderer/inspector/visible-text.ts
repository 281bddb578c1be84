/** A run of text; a mark stands for a character that has no picture of its own, or that would lie about the order of others. */
export interface TextRun {
  readonly text: string
  readonly isMark: boolean
}

/** Text on one line with what cannot be seen made visible: a line break is ↵, a tab →, other characters are named by their number. */
export function visibleLine(text: string): string {
  return text.replace(hidden, markOf)
}

/** Text as runs, so that marks can look unlike what was sent; real line breaks stay behind their marks. */
export function visibleRuns(text: string): readonly TextRun[] {
  const runs: TextRun[] = []
  let from = 0
  for (const match of text.matchAll(hiddenOrBreak)) {
    if (match.index > from) runs.push({ text: text.slice(from, match.index), isMark: false })
    const breaks = /\r\n|\r|\n/.test(match[0])
    runs.push({ text: breaks ? `${match[0].replace('\r', '\\r').replace('\n', '\\n')}\n` : markOf(match[0]), isMark: true })
    from = match.index + match[0].length
  }
  if (from < text.length) runs.push({ text: text.slice(from), isMark: false })
  return runs
}

/** Text over several lines, of which only what hides or reorders other text is made visible; the joiners within emoji stay. */
export function visibleProse(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(hiddenInProse, markOf)
}

// Controls (C0, DEL, C1), line and paragraph separators, and what reorders or hides text around it (UTS #39: bidi controls, zero width, byte order mark, tags).
// oxlint-disable-next-line no-control-regex -- control characters are what is made visible
const hidden = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu
const hiddenInProse =
  // oxlint-disable-next-line no-control-regex -- control characters are what is made visible
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g
const hiddenOrBreak =
  // oxlint-disable-next-line no-control-regex -- control characters are what is made visible
  /\r\n|[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu

function markOf(character: string): string {
  if (character === '\n') return '↵'
  if (character === '\t') return '→'
  // The Unicode pictures of controls are missing from most fonts.
  return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`
}
