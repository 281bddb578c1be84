import type { Route } from './contract/route.ts'

/** A request target that names a path. */
export interface PathTarget {
  readonly form: 'origin' | 'absolute'
  /** Of the absolute form: it replaces the Host field (RFC 9112 §3.2.2). */
  readonly authority: string | null
  /** Starts with a slash and has no dot segments, written out or percent-encoded; everything else is as the client sent it. */
  readonly path: string
  /** With its question mark, or empty. */
  readonly query: string
}

/** What a request line asks for (RFC 9112 §3.2). */
export type RequestTarget = PathTarget | { readonly form: 'asterisk' } | { readonly form: 'authority' }

/** Reads a request target; null is a malformed one, which is refused rather than mended (RFC 9112 §3.2). */
export function parseRequestTarget(method: string, raw: string): RequestTarget | null {
  if (method === 'CONNECT') return connectTarget.test(raw) ? { form: 'authority' } : null
  if (raw === '*') return method === 'OPTIONS' ? { form: 'asterisk' } : null
  if (!targetCharacters.test(raw)) return null
  if (raw.startsWith('/')) return pathTarget('origin', null, raw)
  const start = absoluteStart.exec(raw)
  if (!start) return null
  const authority = start[1] ?? ''
  if (!authorityForm.test(authority)) return null
  const rest = raw.slice(start[0].length)
  return pathTarget('absolute', authority, rest.startsWith('/') ? rest : `/${rest}`)
}

/** What to ask the upstream for: the path below `basePath`, which it cannot leave, and the query as it came. */
export function upstreamPath(basePath: string, route: Pick<Route, 'match' | 'stripPrefix'>, target: PathTarget): string {
  const base = basePath.endsWith('/') ? basePath.slice(0, -1) : basePath
  const path = route.stripPrefix ? withoutPrefix(route.match.path, target.path) : target.path
  return (base + path || '/') + target.query
}

/** A path in the one spelling that equal paths share: RFC 3986 §6.2.2, for matching alone. */
export function canonicalPath(path: string): string {
  if (!needsCanonicalForm.test(path)) return path
  return path.replace(encodedOrByte, canonicalUnit)
}

/** A route's path in the spelling of `canonicalPath`; letters beyond ASCII are the UTF-8 that clients send. */
export function canonicalRoutePath(path: string): string {
  return canonicalPath(Buffer.from(path, 'utf8').toString('latin1'))
}

// Printable ASCII without `#`, and the bytes of UTF-8 that some clients send unencoded (node:http hands them over as latin1).
const targetCharacters = /^[\x21\x22\x24-\x7e\x80-\xff]+$/
const absoluteStart = /^https?:\/\/([^/?]*)/i
// RFC 9110 §4.2.4: user information in a reference from elsewhere is an error, so `@` has no place here.
const authorityForm = /^(\[[0-9a-f:.]+\]|[a-z0-9._~!$&'()*+,;=%-]+)(:\d{0,5})?$/i
const connectTarget = /^(\[[0-9a-f:.]+\]|[a-z0-9._~!$&'()*+,;=%-]+):\d{1,5}$/i

function pathTarget(form: PathTarget['form'], authority: string | null, raw: string): PathTarget | null {
  const question = raw.indexOf('?')
  const path = question < 0 ? raw : raw.slice(0, question)
  // RFC 3986 has no backslash in a path, and WHATWG URL parsers read it as a slash: `/\..\` would leave the base path there.
  if (path.includes('\\')) return null
  const clean = withoutDotSegments(path)
  return disguisedDotSegment.test(clean) ? null : { form, authority, path: clean, query: question < 0 ? '' : raw.slice(question) }
}

const dotSegment = /\/(?:\.|%2e)/i
// `..%2f` and `..;` are parent segments to servers that decode first or drop path parameters, and mean nothing to others.
const disguisedDotSegment = /(?:\/|%2f|%5c)(?:\.|%2e){2}(?:;|\/|%2f|%5c|$)/i

// RFC 3986 §5.2.4, with %2e read as a dot: it is unreserved, so both spellings are equivalent (§6.2.2.2).
function withoutDotSegments(path: string): string {
  if (!dotSegment.test(path)) return path
  const segments = path.split('/')
  const kept: string[] = []
  for (let index = 1; index < segments.length; index++) {
    const segment = segments[index] ?? ''
    const dots = segment.length <= 6 ? segment.replaceAll(/%2e/gi, '.') : segment
    if (dots !== '.' && dots !== '..') {
      kept.push(segment)
      continue
    }
    if (dots === '..') kept.pop()
    if (index === segments.length - 1) kept.push('')
  }
  return `/${kept.join('/')}`
}

function withoutPrefix(pattern: string, path: string): string {
  if (!pattern.endsWith('*')) return ''
  const rest = path.slice(prefixLength(canonicalRoutePath(pattern.slice(0, -1)), path))
  return pattern.endsWith('/*') || !rest.startsWith('/') ? `/${rest}` : rest
}

/** How many characters of `path` spell `prefix`, in whichever way the client wrote them. */
function prefixLength(prefix: string, path: string): number {
  if (path.startsWith(prefix)) return prefix.length
  let spelled = 0
  let index = 0
  while (spelled < prefix.length && index < path.length) {
    const unit = percentEncoded.test(path.slice(index, index + 3)) ? path.slice(index, index + 3) : path.charAt(index)
    spelled += canonicalPath(unit).length
    index += unit.length
  }
  return index
}

const needsCanonicalForm = /[%\x80-\xff]/
const encodedOrByte = /%[0-9a-f]{2}|[\x80-\xff]/gi
const percentEncoded = /^%[0-9a-f]{2}$/i
const unreserved = /[A-Za-z0-9._~-]/

function canonicalUnit(unit: string): string {
  if (unit.length === 1) return `%${unit.charCodeAt(0).toString(16).toUpperCase()}`
  const character = String.fromCharCode(Number.parseInt(unit.slice(1), 16))
  return unreserved.test(character) ? character : unit.toUpperCase()
}
