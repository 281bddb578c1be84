import { isFramingField } from '../../proxy-core/contract/requests.ts'
import { cmdWords, isCmdLine } from './cmd-words.ts'
import { splitHereDocument, takeHereString } from './curl-input.ts'
import { isHarmless, longOf, takesValue } from './curl-options.ts'
import { shellWords } from './curl-words.ts'
import type { HeaderRow, RequestDraft } from './request-draft.ts'

/** A draft read from a curl line, and what of the line it leaves out. */
export interface ReadCurl {
  readonly draft: RequestDraft
  readonly ignored: readonly string[]
}

/** Whether a text begins as a curl line does. */
export function isCurlLine(text: string): boolean {
  return /^\s*(\$ |> )?(\S*[\\/])?curl(\.exe)?\s/.test(text)
}

/** Reads a curl command line, of a POSIX shell or of the Windows prompt. Throws an `Error` that says what is wrong with it. */
export function readCurl(line: string): ReadCurl {
  const plain = line.trim().replace(/^[$>] /, '')
  const { command, input: document } = splitHereDocument(plain)
  const all = isCmdLine(command) ? cmdWords(command) : shellWords(command)
  const [program, ...given] = all
  if (program === undefined || !/(^|[\\/])curl(\.exe)?$/.test(program)) throw new Error('The line does not start with curl.')
  const { words, input: text } = takeHereString(given)
  const read: Reading = {
    input: document ?? text,
    method: null,
    urls: [],
    query: [],
    headers: [],
    cookies: [],
    data: [],
    isJson: false,
    isGet: false,
    isHead: false,
    usual: null,
    removed: new Set(),
    ignored: [],
  }
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (!word.startsWith('-') || word === '-') read.urls.push(word)
    else at += word.startsWith('--') ? takeLong(read, word, words[at + 1]) : takeShort(read, word, words[at + 1])
  }
  return { draft: draftOf(read), ignored: read.ignored }
}

interface Reading {
  /** What curl is given to read, where the line says so; it is read once. */
  input: string | null
  method: string | null
  /** What may be a URL; the values of options that are not known are among them. */
  readonly urls: string[]
  readonly query: string[]
  readonly headers: HeaderRow[]
  /** What `--cookie` says, which goes into one field (RFC 6265 §5.4). */
  readonly cookies: string[]
  readonly data: string[]
  isJson: boolean
  isGet: boolean
  isHead: boolean
  /** The method of an upload whose content is left out. */
  usual: 'POST' | 'PUT' | null
  /** Headers that curl would add and is told not to. */
  readonly removed: Set<string>
  readonly ignored: string[]
}

function takeShort(read: Reading, word: string, next: string | undefined): number {
  for (let at = 1; at < word.length; at++) {
    const name = longOf[word.charAt(at)] ?? `-${word.charAt(at)}`
    if (!takesValue(name)) {
      take(read, name, '')
      continue
    }
    const rest = word.slice(at + 1)
    take(read, name, rest === '' ? valueOf(name, next) : rest)
    return rest === '' ? 1 : 0
  }
  return 0
}

function takeLong(read: Reading, word: string, next: string | undefined): number {
  if (!takesValue(word)) {
    take(read, word, '')
    return 0
  }
  take(read, word, valueOf(word, next))
  return 1
}

function valueOf(name: string, next: string | undefined): string {
  if (next === undefined) throw new Error(`${name} needs a value.`)
  return next
}

function take(read: Reading, name: string, value: string): void {
  switch (name) {
    case '--request':
      read.method = value
      return
    case '--url':
      read.urls.unshift(value)
      return
    case '--url-query':
      read.query.push(value.startsWith('+') ? value.slice(1) : urlEncoded(value))
      return
    case '--header':
      if (value.startsWith('@')) read.ignored.push(`${name} ${value}, a file`)
      else takeHeader(read, value)
      return
    case '--user-agent':
      read.headers.push({ name: 'User-Agent', value })
      return
    case '--referer':
      read.headers.push({ name: 'Referer', value })
      return
    case '--range':
      read.headers.push({ name: 'Range', value: `bytes=${value}` })
      return
    case '--user':
      read.headers.push({ name: 'Authorization', value: `Basic ${base64(value.includes(':') ? value : `${value}:`)}` })
      return
    case '--oauth2-bearer':
      read.headers.push({ name: 'Authorization', value: `Bearer ${value}` })
      return
    case '--cookie':
      if (value.includes('=')) read.cookies.push(value)
      else read.ignored.push(`--cookie ${value}`)
      return
    case '--json':
      read.isJson = true
      takeData(read, name, value)
      return
    case '--data':
    case '--data-ascii':
    case '--data-binary':
      takeData(read, name, value)
      return
    case '--data-raw':
      read.data.push(value)
      return
    case '--data-urlencode':
      takeEncoded(read, value)
      return
    case '--form':
    case '--form-string':
      leaveUpload(read, 'POST', `${name} ${value}`)
      return
    case '--upload-file':
      leaveUpload(read, 'PUT', `${name} ${value}, a file`)
      return
    case '--get':
      read.isGet = true
      return
    case '--head':
      read.isHead = true
      return
    case '--compressed':
      read.headers.push({ name: 'Accept-Encoding', value: 'gzip, deflate, br, zstd' })
      return
    default:
      if (!isHarmless(name)) read.ignored.push(takesValue(name) ? `${name} ${value}` : name)
  }
}

function takeHeader(read: Reading, line: string): void {
  const colon = line.indexOf(':')
  // `Name;` is curl's way to send a header without a value; `Name:` takes one of its own away.
  if (colon < 0 && line.endsWith(';')) read.headers.push({ name: line.slice(0, -1), value: '' })
  const value = line.slice(colon + 1).trim()
  if (colon > 0 && value === '') read.removed.add(line.slice(0, colon).toLowerCase())
  if (colon <= 0 || value === '') return
  const name = line.slice(0, colon)
  if (isFramingField(name)) read.ignored.push(`the header ${name}`)
  else read.headers.push({ name, value })
}

function takeData(read: Reading, name: string, value: string): void {
  if (!value.startsWith('@')) {
    read.data.push(value)
    return
  }
  if (value !== '@-' || read.input === null) {
    leaveUpload(read, 'POST', value === '@-' ? `${name} @-, the input of curl` : `${name} ${value}, a file`)
    return
  }
  // Of what it reads, --data alone leaves the ends of lines out.
  read.data.push(name === '--data' || name === '--data-ascii' ? read.input.replaceAll(/[\r\n]/g, '') : read.input)
  read.input = ''
}

/** `content`, `=content`, `name=content`, and the same of a file: `@file`, `name@file`. */
function takeEncoded(read: Reading, value: string): void {
  const mark = /[=@]/.exec(value)
  if (mark?.[0] !== '@') read.data.push(urlEncoded(value))
  else if (value.slice(mark.index) === '@-' && read.input !== null) {
    read.data.push(read.input === '' ? '' : urlEncoded(`${value.slice(0, mark.index)}=${read.input}`))
    read.input = ''
  } else leaveUpload(read, 'POST', `--data-urlencode ${value}, a file`)
}

function leaveUpload(read: Reading, usual: 'POST' | 'PUT', what: string): void {
  read.usual = usual
  read.ignored.push(what)
}

function draftOf(read: Reading): RequestDraft {
  const given = read.urls.find(looksLikeUrl) ?? read.urls[0]
  if (given === undefined) throw new Error('The line names no URL.')
  read.ignored.push(...read.urls.filter((word) => word !== given))
  const url = /^(https?:\/\/|\/)/i.test(given) ? given : `http://${given}`
  const body = read.data.join(read.isJson ? '' : '&')
  const hasData = read.data.length > 0
  const headers = [...read.headers]
  if (read.cookies.length > 0) headers.push({ name: 'Cookie', value: read.cookies.join('; ') })
  const has = (wanted: string): boolean => read.removed.has(wanted) || headers.some(({ name }) => name.toLowerCase() === wanted)
  if (read.isJson) {
    if (!has('content-type')) headers.push({ name: 'Content-Type', value: 'application/json' })
    if (!has('accept')) headers.push({ name: 'Accept', value: 'application/json' })
  } else if (hasData && !read.isGet && !has('content-type'))
    headers.push({ name: 'Content-Type', value: 'application/x-www-form-urlencoded' })
  const usual = read.isHead ? 'HEAD' : read.isGet ? 'GET' : (read.usual ?? (hasData ? 'POST' : 'GET'))
  return {
    method: read.method ?? usual,
    url: withQuery(url, [...read.query, ...(read.isGet && hasData ? [body] : [])]),
    headers,
    body: read.isGet ? '' : body,
    buffering: 'route',
    reconnects: false,
  }
}

function looksLikeUrl(word: string): boolean {
  return (
    /^(https?:\/\/|\/|localhost\b|\[[0-9a-f:]+\])/i.test(word) ||
    /^[\w-]+(\.[\w-]+)+(:\d+)?([/?#]|$)/.test(word) ||
    /^[\w-]+:\d+/.test(word)
  )
}

function withQuery(url: string, parts: readonly string[]): string {
  if (parts.length === 0) return url
  const [whole = '', fragment = ''] = /^([^#]*)(#.*)?$/s.exec(url)?.slice(1) ?? []
  return `${whole}${whole.includes('?') ? '&' : '?'}${parts.join('&')}${fragment}`
}

/** The name stays as it is. */
function urlEncoded(value: string): string {
  const equals = value.indexOf('=')
  const encode = (text: string): string =>
    encodeURIComponent(text)
      .replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%20', '+')
  if (equals < 0) return encode(value)
  return `${value.slice(0, equals)}${equals === 0 ? '' : '='}${encode(value.slice(equals + 1))}`
}

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''))
}
