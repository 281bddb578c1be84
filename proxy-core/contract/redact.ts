import { redactedMarker as redacted } from './requests.ts'
import type { HeaderField } from './rows.ts'

/** The fields with their secrets replaced; names, cookie names and authentication schemes stay readable. */
export function redactFields(list: readonly string[]): HeaderField[] {
  return pairs(list, redactField)
}

/** The same fields, names and values in turn, with their secrets replaced; a list without any is handed back as it is. */
export function redactList(list: readonly string[]): readonly string[] {
  let redactedList: string[] | null = null
  for (let index = 0; index + 1 < list.length; index += 2) {
    const value = list[index + 1] ?? ''
    const shown = redactField(list[index] ?? '', value)
    if (shown === value) continue
    redactedList ??= [...list]
    redactedList[index + 1] = shown
  }
  return redactedList ?? list
}

/** The fields as they are, for a route that asks for no redaction. */
export function plainFields(list: readonly string[]): HeaderField[] {
  return pairs(list, (_, value) => value)
}

/** The value of one field with its secrets replaced. */
export function redactField(name: string, value: string): string {
  // Some write underscores, as in the names of environment variables.
  const lower = name.toLowerCase().replaceAll('_', '-')
  if (lower === 'authorization' || lower === 'proxy-authorization' || lower === 'authentication') return redactCredentials(value)
  if (lower === 'cookie') return value.split(';').map(redactCookie).join(';')
  if (lower === 'set-cookie') return redactSetCookie(value)
  if (lower === 'sec-websocket-protocol') return value.split(',').map(redactProtocol).join(',')
  if (urlFields.has(lower)) return redactTarget(value)
  return isSecretField(lower) ? mask(value) : value
}

/** A request target or URL whose secret query parameters and password are replaced. */
export function redactTarget(target: string): string {
  const start = target.search(/[?#]/)
  if (start < 0) return redactUserInfo(target)
  return redactUserInfo(target.slice(0, start)) + target.slice(start).split(parameterStart).map(redactParameter).join('')
}

/** At most the last four characters stay, and those only of a secret that keeps enough to itself. */
function mask(secret: string): string {
  if (secret === '') return ''
  return secret.length < 12 ? redacted : redacted + secret.slice(-4)
}

function pairs(list: readonly string[], shown: (name: string, value: string) => string): HeaderField[] {
  const fields: HeaderField[] = []
  for (let index = 0; index + 1 < list.length; index += 2) {
    const name = list[index] ?? ''
    fields.push([name, shown(name, list[index + 1] ?? '')])
  }
  return fields
}

function redactCredentials(value: string): string {
  const trimmed = value.trim()
  const blank = trimmed.indexOf(' ')
  if (blank < 0) return mask(trimmed)
  const scheme = trimmed.slice(0, blank)
  // The last four characters of Basic are the last three of the password.
  return `${scheme} ${scheme.toLowerCase() === 'basic' ? redacted : mask(trimmed.slice(blank + 1))}`
}

// RFC 6265bis §5.6: what has no equals sign is a value without a name.
function redactCookie(pair: string): string {
  const start = pair.indexOf('=') + 1 || pair.length - pair.trimStart().length
  return pair.slice(0, start) + mask(pair.slice(start).trim())
}

function redactSetCookie(value: string): string {
  const semicolon = value.indexOf(';')
  return semicolon < 0 ? redactCookie(value) : redactCookie(value.slice(0, semicolon)) + value.slice(semicolon)
}

/** Browsers cannot set fields on a WebSocket, so keys travel in the names of subprotocols. */
function redactProtocol(part: string): string {
  const name = part.trimStart()
  const prefix = keyProtocols.find((known) => name.toLowerCase().startsWith(known))
  if (prefix === undefined) return part
  return part.slice(0, part.length - name.length) + name.slice(0, prefix.length) + mask(name.slice(prefix.length))
}

// The delimiter stays at the head of its parameter. A question mark within a value is a part of it.
const parameterStart = /(?<=^[?#])|(?=[&#])/

/** A secret goes up to the next `&`; a `;` before its name ends what came before, as some servers have it. */
function redactParameter(parameter: string): string {
  let start = 0
  while (start < parameter.length) {
    const semicolon = parameter.indexOf(';', start)
    const end = semicolon < 0 ? parameter.length : semicolon
    const equals = parameter.indexOf('=', start)
    if (equals < 0) return parameter
    if (equals < end && isSecretParameter(parameter.slice(start, equals)))
      return parameter.slice(0, equals + 1) + mask(parameter.slice(equals + 1))
    start = end + 1
  }
  return parameter
}

function redactUserInfo(url: string): string {
  const start = url.indexOf('//') + 2
  if (start < 2) return url
  const slash = url.indexOf('/', start)
  const at = url.slice(start, slash < 0 ? url.length : slash).lastIndexOf('@')
  if (at < 0) return url
  const userInfo = url.slice(start, start + at)
  return url.slice(0, start) + userInfo.slice(0, userInfo.indexOf(':') + 1) + redacted + url.slice(start + at)
}

function isSecretField(name: string): boolean {
  return !openFields.has(name) && (secretFields.has(name) || secretEndings.some((ending) => name.endsWith(ending)))
}

function isSecretParameter(raw: string): boolean {
  const name = plainName(raw)
  return !openParameters.has(name) && (secretParameters.has(name) || secretParameterEndings.some((ending) => name.endsWith(ending)))
}

/** A parameter's name without what spellings differ in: `api_key`, `apiKey`, `api%5Fkey` and `X-Api-Key` end alike. */
function plainName(raw: string): string {
  let name = raw
  try {
    name = decodeURIComponent(raw)
  } catch {
    // A name that does not decode is compared as it is.
  }
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

const urlFields = new Set([
  'location',
  'content-location',
  'referer',
  'refresh',
  'link',
  'x-original-url',
  'x-original-uri',
  'x-rewrite-url',
  'x-forwarded-uri',
])
const keyProtocols = ['openai-insecure-api-key.', 'base64url.bearer.authorization.k8s.io.', 'bearer.']

const secretFields = new Set([
  'apikey',
  'api-key',
  'x-api-key',
  'x-goog-api-key',
  'sluice-token',
  'token',
  'secret',
  'password',
  'x-auth',
  'x-password',
  'cookie2',
  'set-cookie2',
])
const secretEndings = [
  '-key',
  '-apikey',
  '-token',
  '-secret',
  '-password',
  '-signature',
  '-authorization',
  '-credential',
  '-credentials',
  '-jwt',
]
/** They end like secrets and are none. */
const openFields = new Set(['idempotency-key', 'x-idempotency-key', 'surrogate-key', 'cache-key', 'x-cache-key', 'sec-websocket-key'])

const secretParameters = new Set([
  'key',
  'sig',
  'auth',
  'authorization',
  'bearer',
  'jwt',
  'pass',
  'pwd',
  'passwd',
  'hmac',
  'sessionid',
  'credential',
  'credentials',
  'xamzcredential',
  'xgoogcredential',
  'subscriptionkey',
  'accesskey',
  'privatekey',
])
const secretParameterEndings = ['apikey', 'secretkey', 'accesskey', 'token', 'secret', 'password', 'signature']
/** Cursors of lists, not secrets. */
const openParameters = new Set(['pagetoken', 'nextpagetoken', 'prevpagetoken', 'continuationtoken', 'nexttoken', 'synctoken'])
