/** The words of a shell command line, as a POSIX shell splits them, with `$'…'` besides. Throws an `Error` that says what is wrong. */
export function shellWords(line: string): string[] {
  const words: string[] = []
  let word: string | null = null
  let at = 0
  const add = (text: string): void => void (word = (word ?? '') + text)
  while (at < line.length) {
    const character = line.charAt(at)
    if (/^;\s*$/.test(line.slice(at))) {
      // It ends the command, and is no part of its last word.
      break
    } else if (/[\s]/.test(character)) {
      if (word !== null) words.push(word)
      word = null
      at++
    } else if (character === '\\') {
      const next = line.slice(at + 1).match(/^\r?\n/)?.[0] ?? line.charAt(at + 1)
      if (!next.endsWith('\n')) add(next)
      at += 1 + next.length
    } else if (character === "'") {
      const end = line.indexOf("'", at + 1)
      if (end < 0) throw new Error('A single quote is not closed.')
      add(line.slice(at + 1, end))
      at = end + 1
    } else if (character === '"' || line.startsWith("$'", at)) {
      const start = at + (character === '"' ? 1 : 2)
      const read = character === '"' ? readDouble(line, start) : readAnsi(line, start)
      add(read.text)
      at = read.end
    } else {
      add(character)
      at++
    }
  }
  if (word !== null) words.push(word)
  return words
}

/** A text as one word of a POSIX shell. */
export function shellQuoted(text: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

function readDouble(line: string, start: number): { text: string; end: number } {
  let text = ''
  for (let at = start; at < line.length; at++) {
    const character = line.charAt(at)
    if (character === '"') return { text, end: at + 1 }
    const next = line.charAt(at + 1)
    if (character === '\\' && '"\\$`\n'.includes(next) && next !== '') {
      if (next !== '\n') text += next
      at++
    } else text += character
  }
  throw new Error('A double quote is not closed.')
}

const ansiEscapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', e: '\x1b', f: '\f', v: '\v' }

function readAnsi(line: string, start: number): { text: string; end: number } {
  let text = ''
  let bytes: number[] = []
  const settle = (): void => {
    text += new TextDecoder().decode(Uint8Array.from(bytes))
    bytes = []
  }
  for (let at = start; at < line.length;) {
    const character = line.charAt(at)
    if (character === "'") {
      settle()
      return { text, end: at + 1 }
    }
    const escape = /^\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})|([\s\S]))/.exec(line.slice(at, at + 12))
    if (character !== '\\' || !escape) {
      settle()
      text += character
      at++
      continue
    }
    const [whole, hex, short, long, octal, letter = ''] = escape
    at += whole.length
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16))
    else if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff)
    else {
      settle()
      const code = short ?? long
      text += code === undefined ? (ansiEscapes[letter] ?? letter) : String.fromCodePoint(Number.parseInt(code, 16))
    }
  }
  throw new Error("A $' quote is not closed.")
}
