import { isFramingField } from '../../proxy-core/contract/requests.ts'
import { shellWords } from './curl-words.ts'
import type { HeaderRow, RequestDraft } from './request-draft.ts'

/** A draft read from a curl line, and what of the line it leaves out. */
export interface ReadCurl {
  readonly draft: RequestDraft
  readonly ignored: readonly string[]
}

/** Reads a curl command line. Throws an `Error` that says what is wrong with it. */
export function readCurl(line: string): ReadCurl {
  const [program, ...words] = shellWords(line.trim().replace(/^\$ /, ''))
  if (program === undefined || !/(^|\/)curl(\.exe)?$/.test(program)) throw new Error('The line does not start with curl.')
  const read: Reading = {
    method: null,
    url: null,
    headers: [],
    data: [],
    isJson: false,
    isGet: false,
    isHead: false,
    removed: new Set(),
    ignored: [],
  }
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (!word.startsWith('-') || word === '-') {
      if (read.url === null) read.url = word
      else read.ignored.push(word)
    } else at += word.startsWith('--') ? takeLong(read, word, words[at + 1]) : takeShort(read, word, words[at + 1])
  }
  return { draft: draftOf(read), ignored: read.ignored }
}

interface Reading {
  method: string | null
  url: string | null
  readonly headers: HeaderRow[]
  readonly data: string[]
  isJson: boolean
  isGet: boolean
  isHead: boolean
  /** Headers that curl would add and is told not to. */
  readonly removed: Set<string>
  readonly ignored: string[]
}

const longOf: Readonly<Record<string, string>> = {
  X: '--request',
  H: '--header',
  d: '--data',
  G: '--get',
  I: '--head',
  u: '--user',
  A: '--user-agent',
  e: '--referer',
  b: '--cookie',
  N: '--no-buffer',
  k: '--insecure',
  L: '--location',
  s: '--silent',
  S: '--show-error',
  i: '--include',
  v: '--verbose',
  f: '--fail',
  o: '--output',
  m: '--max-time',
  T: '--upload-file',
  F: '--form',
  x: '--proxy',
}
/** They take a value, and it is left out with them. */
const ignoredWithValue = new Set([
  '--output',
  '--max-time',
  '--connect-timeout',
  '--upload-file',
  '--form',
  '--proxy',
  '--cacert',
  '--cert',
  '--key',
  '--resolve',
  '--retry',
  '--write-out',
])
/** They change nothing about the request. */
const harmless = new Set([
  '-g',
  '--globoff',
  '--path-as-is',
  '--no-buffer',
  '--silent',
  '--show-error',
  '--include',
  '--verbose',
  '--fail',
  '--http1.1',
])

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

function takesValue(name: string): boolean {
  return ignoredWithValue.has(name) || valued.has(name)
}

const valued = new Set([
  '--request',
  '--header',
  '--data',
  '--data-ascii',
  '--data-raw',
  '--data-binary',
  '--data-urlencode',
  '--json',
  '--user',
  '--user-agent',
  '--referer',
  '--cookie',
  '--url',
])

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
      read.url = value
      return
    case '--header':
      takeHeader(read, value)
      return
    case '--user-agent':
      read.headers.push({ name: 'User-Agent', value })
      return
    case '--referer':
      read.headers.push({ name: 'Referer', value })
      return
    case '--user':
      read.headers.push({ name: 'Authorization', value: `Basic ${base64(value)}` })
      return
    case '--cookie':
      if (value.includes('=')) read.headers.push({ name: 'Cookie', value })
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
      read.data.push(urlEncoded(value))
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
      if (!harmless.has(name)) read.ignored.push(ignoredWithValue.has(name) ? `${name} ${value}` : name)
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
  if (value.startsWith('@')) read.ignored.push(`${name} ${value}, a file`)
  else read.data.push(value)
}

function draftOf(read: Reading): RequestDraft {
  if (read.url === null) throw new Error('The line names no URL.')
  const url = /^(https?:\/\/|\/)/i.test(read.url) ? read.url : `http://${read.url}`
  const body = read.data.join(read.isJson ? '' : '&')
  const hasData = read.data.length > 0
  const headers = [...read.headers]
  const has = (wanted: string): boolean => read.removed.has(wanted) || headers.some(({ name }) => name.toLowerCase() === wanted)
  if (read.isJson) {
    if (!has('content-type')) headers.push({ name: 'Content-Type', value: 'application/json' })
    if (!has('accept')) headers.push({ name: 'Accept', value: 'application/json' })
  } else if (hasData && !read.isGet && !has('content-type'))
    headers.push({ name: 'Content-Type', value: 'application/x-www-form-urlencoded' })
  const usual = read.isHead ? 'HEAD' : hasData && !read.isGet ? 'POST' : 'GET'
  return {
    method: read.method ?? usual,
    url: read.isGet && hasData ? `${url}${url.includes('?') ? '&' : '?'}${body}` : url,
    headers,
    body: read.isGet ? '' : body,
    buffering: 'route',
    reconnects: false,
  }
}

/** `content`, `=content`, `name=content`: the name stays as it is. */
function urlEncoded(value: string): string {
  const equals = value.indexOf('=')
  const encode = (text: string): string => encodeURIComponent(text).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`)
  if (equals < 0) return encode(value)
  return `${value.slice(0, equals)}${equals === 0 ? '' : '='}${encode(value.slice(equals + 1))}`
}

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''))
}
