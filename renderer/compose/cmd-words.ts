/** Whether a command line was written for the Windows prompt, where a caret escapes and joins lines. */
export function isCmdLine(line: string): boolean {
  const firstQuote = /['"]/.exec(line)?.[0]
  return firstQuote !== "'" && /\^(\r?\n|")/.test(line)
}

/** The words of a Windows command line: first the carets are read as the prompt does, then the quotes as a program's start does. */
export function cmdWords(line: string): string[] {
  return programWords(withoutCarets(line))
}

/** A caret makes what follows it plain, a line's end before that is dropped; inside quotes it is a caret. */
function withoutCarets(line: string): string {
  let text = ''
  let isQuoted = false
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at)
    if (character === '^' && !isQuoted) {
      at += /^\r?\n/.exec(line.slice(at + 1, at + 3))?.[0].length ?? 0
      at++
      // The end of a line may be of two characters, and is plain as a whole.
      if (line.startsWith('\r\n', at)) at++
      text += line.charAt(at)
      continue
    }
    if (character === '"') isQuoted = !isQuoted
    text += character
  }
  return text
}

/** Backslashes count only before a quote: each pair of them is one, and one that is left makes the quote plain. */
function programWords(line: string): string[] {
  const words: string[] = []
  let word: string | null = null
  let isQuoted = false
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at)
    if (!isQuoted && /\s/.test(character)) {
      if (word !== null) words.push(word)
      word = null
      continue
    }
    word ??= ''
    const [, backslashes = '', quote] = /^(\\*)(")?/.exec(line.slice(at)) ?? []
    if (quote === undefined) {
      word += backslashes + (backslashes === '' ? character : '')
      at += Math.max(0, backslashes.length - 1)
      continue
    }
    word += '\\'.repeat(backslashes.length >> 1)
    at += backslashes.length
    if (backslashes.length % 2 === 1) word += '"'
    else if (isQuoted && line.charAt(at + 1) === '"') {
      word += '"'
      at++
    } else isQuoted = !isQuoted
  }
  if (isQuoted) throw new Error('A double quote is not closed.')
  if (word !== null) words.push(word)
  return words
}
