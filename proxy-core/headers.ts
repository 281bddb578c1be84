import type { HeaderRules, Route } from './contract/route.ts'

/** The fields of a message as flat strings, names and values in turn: over HTTP/1.1 they come as such, from undici (HTTP/2) as an object. */
export function fieldList(raw: RawFields): string[] {
  if (raw === null || raw === undefined) return []
  // RFC 9110 §5.5: field values are bytes, and latin1 keeps each of them.
  if (isText(raw)) return raw
  if (isFlat(raw)) return raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')))
  const list: string[] = []
  for (const [name, value] of Object.entries(raw)) {
    // RFC 9113 §8.3: pseudo-fields are the start line of HTTP/2, not fields.
    if (name.startsWith(':') || value === undefined) continue
    for (const single of typeof value === 'string' ? [value] : value) list.push(name, single)
  }
  return list
}

/** What `fieldList` takes: the `rawHeaders` of either HTTP version. */
export type RawFields = readonly (string | Buffer)[] | Readonly<Record<string, string | readonly string[] | undefined>> | null | undefined

/** The value of the first field of that name, which may be written in any case. */
export function fieldValue(list: readonly string[], name: string): string | undefined {
  const wanted = name.toLowerCase()
  for (let index = 0; index + 1 < list.length; index += 2) {
    if (isNamed(list[index] ?? '', wanted)) return list[index + 1]
  }
  return undefined
}

/** The values of all fields of that name, in order. */
export function fieldValues(list: readonly string[], name: string): string[] {
  const wanted = name.toLowerCase()
  const values: string[] = []
  for (let index = 0; index + 1 < list.length; index += 2) {
    if (isNamed(list[index] ?? '', wanted)) values.push(list[index + 1] ?? '')
  }
  return values
}

/** The media type that a Content-Type value names: in lower case and without parameters. */
export function mediaType(value: string): string {
  const semicolon = value.indexOf(';')
  return trimmed(semicolon < 0 ? value : value.slice(0, semicolon)).toLowerCase()
}

/** The request fields to send upstream. Upgrade is not among them: whoever opens a tunnel writes it. */
export function requestFields(input: {
  readonly raw: readonly string[]
  readonly route: Pick<Route, 'headers'>
  readonly method: string
  /** What to send as Host. */
  readonly hostHeader: string
  readonly client: { readonly address: string }
  /** As the client addressed it: `host` is the value of its Host field. */
  readonly listener: { readonly host: string; readonly port: number; readonly scheme: 'http' | 'https' }
  readonly viaName: string
  /** Of the request as received, such as 1.1. */
  readonly httpVersion: string
}): string[] {
  const { raw, listener } = input
  const named = connectionOptions(raw)
  const address = input.client.address.replace(/^::ffff:(?=\d)/i, '')
  const list = ['Host', input.hostHeader]
  const isChunked = fieldValue(raw, 'transfer-encoding') !== undefined
  let hasLength = false
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? ''
    const lower = name.toLowerCase()
    const value = raw[index + 1] ?? ''
    if (lower === 'content-length') {
      // RFC 9112 §6.3: chunked wins over a length, and a length that is repeated is one length.
      if (!isChunked && !hasLength) list.push(name, firstElement(value))
      hasLength = true
    } else if (lower !== 'host' && !requestOnlyHere.has(lower) && !isDisguised(lower) && !named.has(lower)) {
      list.push(name, lower === 'max-forwards' ? oneHopLess(value, input.method) : value)
    }
  }
  if (fieldValues(raw, 'te').some((value) => elements(value).some((coding) => mediaType(coding) === 'trailers')))
    list.push('TE', 'trailers')
  list.push('Via', viaOf(input))
  const chain = named.has('x-forwarded-for') ? [] : fieldValues(raw, 'x-forwarded-for').filter((value) => trimmed(value) !== '')
  list.push('X-Forwarded-For', [...chain, address].join(', '))
  list.push('X-Forwarded-Host', listener.host, 'X-Forwarded-Port', String(listener.port), 'X-Forwarded-Proto', listener.scheme)
  list.push('X-Real-IP', address)
  return applyRules(list, input.route.headers.request)
}

/** The response fields to send to the client. */
export function responseFields(input: {
  readonly raw: readonly string[]
  readonly route: Pick<Route, 'headers'>
  readonly status: number
  readonly viaName: string
  /** Of the response as received, such as 1.1. */
  readonly httpVersion: string
  /** What `corsFields` says for this route and request. */
  readonly cors: readonly string[]
}): string[] {
  const { raw, cors, status } = input
  const named = connectionOptions(raw)
  // RFC 9110 §8.6: neither 1xx nor 204 has a Content-Length; RFC 9112 §6.2: chunked has none.
  const hasNoLength = status < 200 || status === 204 || fieldValue(raw, 'transfer-encoding') !== undefined
  const list: string[] = []
  let hasLength = false
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? ''
    const lower = name.toLowerCase()
    const value = raw[index + 1] ?? ''
    if (lower === 'content-length') {
      if (!hasNoLength && !hasLength) list.push(name, firstElement(value))
      hasLength = true
    } else if (!responseOnlyHere.has(lower) && !named.has(lower) && !(cors.length > 0 && ownedByCors.has(lower))) {
      list.push(name, value)
    }
  }
  const vary = fieldValues(list, 'vary').flatMap(elements)
  for (let index = 0; index + 1 < cors.length; index += 2) {
    const name = cors[index] ?? ''
    const value = cors[index + 1] ?? ''
    const isSaid = name === 'Vary' && vary.some((field) => field === '*' || field.toLowerCase() === value.toLowerCase())
    if (!isSaid) list.push(name, value)
  }
  list.push('Via', viaOf(input))
  const ruled = applyRules(list, input.route.headers.response)
  // RFC 9110 §7.8, §15.5.22: a switch of protocols, and the demand for one, name the protocol.
  return status === 101 || status === 426 ? withUpgrade(ruled, raw) : ruled
}

/** What to send as Host: the client's, the upstream's, or the one that the route writes out. */
export function hostToSend(route: Pick<Route, 'upstream'>, clientHost: string, upstreamAuthority: string): string {
  const choice = route.upstream.hostHeader
  if (choice === 'client') return clientHost
  return choice === 'upstream' ? upstreamAuthority : choice
}

/** Whether the request has passed this gateway before (RFC 9110 §7.6: a message is never forwarded in a circle). */
export function isOwnLoop(raw: readonly string[], viaName: string): boolean {
  return fieldValues(raw, 'via').some((value) =>
    elements(value).some((hop) => {
      const [, receivedBy] = hop.split(/[ \t]+/, 2)
      return receivedBy === viaName
    }),
  )
}

/** Why the framing of a received message cannot be trusted, or null when it can (RFC 9112 §6.3). */
export function framingFault(raw: readonly string[], httpVersion: string): string | null {
  if (hasUnknownCoding(raw)) return 'has a Transfer-Encoding other than chunked'
  if (httpVersion === '1.0' && fieldValue(raw, 'transfer-encoding') !== undefined) return 'has a Transfer-Encoding in HTTP/1.0'
  const values = fieldValues(raw, 'content-length')
  if (values.length === 0) return null
  const lengths = values.flatMap((value) => value.split(',').map(trimmed))
  if (lengths.some((length) => !/^\d{1,16}$/.test(length))) return 'has a Content-Length that is not a number'
  if (new Set(lengths.map(Number)).size > 1) return 'has several Content-Length values that differ'
  return null
}

/**
 * Whether the body has a transfer coding that is not undone here: handing such bytes on would be under a false description. A request
 * like that is answered with 501 (RFC 9112 §6.1).
 */
export function hasUnknownCoding(raw: readonly string[]): boolean {
  const values = fieldValues(raw, 'transfer-encoding')
  return values.length > 1 || values.some((value) => trimmed(value).toLowerCase() !== 'chunked')
}

// RFC 9110 §7.6.1: for the next recipient only, whether Connection names them or not. HTTP2-Settings: RFC 7540 §3.2.1.
const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'te', 'transfer-encoding', 'upgrade', 'http2-settings']
const requestOnlyHere = new Set([
  ...hopByHop,
  // RFC 9110 §11.7.2: meant for the first proxy that asks for it, and none is behind a gateway.
  'proxy-authorization',
  'sluice-token',
  // RFC 9110 §10.1.1: the gateway has answered it.
  'expect',
  // It announces request trailers, which are not passed on.
  'trailer',
  // Set anew from what is seen here.
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-real-ip',
])
const responseOnlyHere = new Set([...hopByHop, 'proxy-authenticate', 'proxy-authentication-info'])
const ownedByCors = new Set(['access-control-allow-origin', 'access-control-allow-credentials'])

// A route's rules never touch what frames a message, nor the Via that ends loops.
const fixed: ReadonlySet<string> = new Set([...hopByHop, 'content-length', 'trailer', 'expect', 'via'])

/**
 * Whether the name is, but for its underscores, one that the gateway alone decides on. To CGI and its heirs both are one variable
 * (RFC 3875 §4.1.18), and theirs would be the client's.
 */
function isDisguised(lower: string): boolean {
  if (!lower.includes('_')) return false
  const plain = lower.replaceAll('_', '-')
  return plain === 'host' || plain === 'content-length' || requestOnlyHere.has(plain)
}

/**
 * The names that Connection lists. RFC 9110 §7.6.1 has them removed without exception, Authorization and Cookie included. Host and
 * Content-Length are not looked up here: this gateway writes both anew, and a client must not talk it out of them.
 */
export function connectionOptions(raw: readonly string[]): ReadonlySet<string> {
  const options = new Set<string>()
  for (const value of fieldValues(raw, 'connection')) for (const option of value.split(',')) options.add(trimmed(option).toLowerCase())
  return options
}

function applyRules(list: string[], rules: HeaderRules): string[] {
  const set = Object.entries(rules.set).filter(([name]) => !fixed.has(name.toLowerCase()))
  const add = Object.entries(rules.add).filter(([name]) => !fixed.has(name.toLowerCase()) && name.toLowerCase() !== 'host')
  const replaced = new Set(set.map(([name]) => name.toLowerCase()))
  for (const name of rules.remove) if (!fixed.has(name.toLowerCase()) && name.toLowerCase() !== 'host') replaced.add(name.toLowerCase())
  if (replaced.size === 0 && add.length === 0) return list
  const ruled: string[] = []
  for (let index = 0; index + 1 < list.length; index += 2) {
    const name = list[index] ?? ''
    if (!replaced.has(name.toLowerCase())) ruled.push(name, list[index + 1] ?? '')
  }
  return [...ruled, ...set.flat(), ...add.flat()]
}

// RFC 9110 §7.6.2: each recipient of TRACE or OPTIONS counts itself.
function oneHopLess(value: string, method: string): string {
  const isCounted = (method === 'OPTIONS' || method === 'TRACE') && /^\d{1,9}$/.test(value)
  return isCounted ? String(Math.max(0, Number(value) - 1)) : value
}

function withUpgrade(list: string[], raw: readonly string[]): string[] {
  const protocols = fieldValues(raw, 'upgrade')
  return protocols.length === 0 ? list : [...list, 'Connection', 'Upgrade', 'Upgrade', protocols.join(', ')]
}

/** RFC 9110 §7.6.3: by which version it was received; §2.5: one without minor versions has the minor version 0. */
function viaOf({ httpVersion, viaName }: { readonly httpVersion: string; readonly viaName: string }): string {
  return `${httpVersion === '2' ? '2.0' : httpVersion} ${viaName}`
}

/** The elements of a comma-separated list, its comments in round brackets left out (RFC 9110 §5.6.1, §5.6.5). */
function elements(value: string): string[] {
  if (!value.includes('('))
    return value
      .split(',')
      .map(trimmed)
      .filter((part) => part !== '')
  let plain = ''
  let depth = 0
  for (let index = 0; index < value.length; index++) {
    const character = value.charAt(index)
    if (depth > 0 && character === '\\') index++
    else if (character === '(') depth++
    else if (character === ')') depth = Math.max(0, depth - 1)
    else if (depth === 0) plain += character
  }
  return elements(plain.replaceAll('(', ''))
}

function firstElement(value: string): string {
  const comma = value.indexOf(',')
  return trimmed(comma < 0 ? value : value.slice(0, comma))
}

/** A field value without the white space around it: SP and HTAB (RFC 9110 §5.6.3). `String.trim` takes away more, which another parser keeps. */
export function trimmed(value: string): string {
  let start = 0
  let end = value.length
  while (start < end && isBlank(value.charCodeAt(start))) start++
  while (end > start && isBlank(value.charCodeAt(end - 1))) end--
  return value.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

function isNamed(name: string, lower: string): boolean {
  return name.length === lower.length && name.toLowerCase() === lower
}

function isText(raw: NonNullable<RawFields>): raw is string[] {
  return Array.isArray(raw) && raw.every((part) => typeof part === 'string')
}

function isFlat(raw: NonNullable<RawFields>): raw is readonly (string | Buffer)[] {
  return Array.isArray(raw)
}
