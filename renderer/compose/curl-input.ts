/** A shell command and what it is given to read: a here-document behind it. */
export interface CommandWithInput {
  readonly command: string
  readonly input: string | null
}

/** Takes a here-document (`<<EOF … EOF`) off a command. */
export function splitHereDocument(text: string): CommandWithInput {
  const found = /<<-?\s*(['"]?)(\w+)\1([^\n]*)\r?\n([\s\S]*?)\r?\n?\2\s*$/.exec(text)
  if (!found) return { command: text, input: null }
  const [whole, , , rest = '', input = ''] = found
  return { command: text.slice(0, -whole.length) + rest, input: input === '' ? '' : `${input}\n` }
}

/** Takes a here-string (`<<< text`) out of the words of a command. */
export function takeHereString(words: readonly string[]): { readonly words: readonly string[]; readonly input: string | null } {
  const at = words.findIndex((word) => word.startsWith('<<<'))
  const word = words[at]
  if (word === undefined) return { words, input: null }
  const isApart = word === '<<<'
  return { words: words.toSpliced(at, isApart ? 2 : 1), input: `${isApart ? (words[at + 1] ?? '') : word.slice(3)}\n` }
}
