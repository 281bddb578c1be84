/** A piece of pretty-printed JSON; `space` is a line break with its indent, or the space after a colon. */
export interface JsonToken {
  readonly kind: 'key' | 'string' | 'number' | 'word' | 'punctuation' | 'space'
  readonly text: string
}

/**
 * JSON laid out over lines, or null when the text is not a JSON object or array.
 * Every literal stays as it was sent: parsing and printing again would round long numbers and drop repeated keys.
 */
export function prettyJson(text: string): readonly JsonToken[] | null {
  if (!/^\s*[[{]/.test(text) || !isJson(text)) return null
  const tokens: JsonToken[] = []
  let depth = 0
  const lineBreak = () => tokens.push({ kind: 'space', text: `\n${'  '.repeat(depth)}` })
  const matches = [...text.matchAll(literal)]
  matches.forEach(([match], index) => {
    const next = matches[index + 1]?.[0]
    switch (match) {
      case '{':
      case '[':
        tokens.push({ kind: 'punctuation', text: match })
        if (next === '}' || next === ']') break
        depth++
        lineBreak()
        break
      case '}':
      case ']': {
        const before = matches[index - 1]?.[0]
        if (before !== '{' && before !== '[') {
          depth--
          lineBreak()
        }
        tokens.push({ kind: 'punctuation', text: match })
        break
      }
      case ',':
        tokens.push({ kind: 'punctuation', text: match })
        lineBreak()
        break
      case ':':
        tokens.push({ kind: 'punctuation', text: match }, { kind: 'space', text: ' ' })
        break
      default:
        tokens.push({ kind: kindOf(match, next), text: match })
    }
  })
  return tokens
}

const literal = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g

function kindOf(text: string, next: string | undefined): JsonToken['kind'] {
  if (text.startsWith('"')) return next === ':' ? 'key' : 'string'
  return /^[-\d]/.test(text) ? 'number' : 'word'
}

/** Whether a text is JSON as a whole. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
