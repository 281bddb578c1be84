import { type ErrorCode, type ErrorReport, GatewayError } from './contract/errors.ts'

/**
 * What an error on the way to an upstream means for the client. `upstream` is the host and port to name when the error knows none;
 * `hasHead` says whether the response's head had come: undici (HTTP/2) has one code for a body cut short and for a head with two lengths.
 */
export function upstreamError(
  error: unknown,
  upstream?: string,
  hasHead = true,
): { readonly report: ErrorReport; readonly status: number } {
  const chain = causes(error)
  for (const cause of chain) {
    if (cause instanceof GatewayError) return { report: cause.report(), status: statusOf[cause.code] ?? 502 }
    const entry = entryOf(cause, hasHead)
    if (!entry) continue
    const who = upstream ?? addressIn(chain)
    // Put in by functions: a `$` in a replacement text would have a meaning.
    const message = entry.message
      .replace('{detail}', () => detailOf(cause))
      .replace('The upstream', (start) => (who === null ? start : `${start} ${who}`))
    return { report: { code: entry.code, message }, status: statusOf[entry.code] ?? 502 }
  }
  return { report: { code: 'internal', message: 'Something went wrong inside the gateway.' }, status: 500 }
}

/** The error of an upstream that fell silent in the middle of its response for longer than its route allows. */
export function upstreamSilence(): Error {
  return Object.assign(new Error('The upstream fell silent.'), { code: 'UND_ERR_BODY_TIMEOUT' })
}

/** Whether a GOAWAY of the upstream's ended the request (RFC 9113 §6.8), as undici says it of those that the upstream has not processed. */
export function isByGoaway(error: Error): boolean {
  return error.message.startsWith('HTTP/2: "GOAWAY" frame received')
}

/** Whether an upstream over HTTP/2 says that it has not processed the request, or never saw it: RFC 9113 §6.8, and §8.7 for REFUSED_STREAM. */
export function isUnprocessed(error: Error): boolean {
  if (isByGoaway(error) || error.message.startsWith('HTTP/2: "frameError" received - type 1,')) return true
  return property(error, 'http2ErrorCode') === refusedStream
}

const refusedStream = 7

interface Entry {
  readonly code: ErrorCode
  /** "The upstream" is where its address is put in. */
  readonly message: string
}

const statusOf: Partial<Record<ErrorCode, number>> = {
  'bad-request': 400,
  'request-timeout': 408,
  'client-aborted': 499,
  'body-too-large': 413,
  internal: 500,
  'upstream-unreachable': 502,
  'upstream-untrusted': 502,
  'upstream-reset': 502,
  'upstream-invalid': 502,
  'gateway-stopping': 503,
  'upstream-timeout': 504,
}

const unresolved: Entry = {
  code: 'upstream-unreachable',
  message: 'The upstream has a host name that cannot be resolved. Check its spelling, and the network.',
}
const noRoute: Entry = { code: 'upstream-unreachable', message: 'The upstream cannot be reached from here ({detail}). Check the network.' }
const noDescriptors: Entry = {
  code: 'upstream-unreachable',
  message: 'The upstream was not called: this machine has no file descriptors left. Raise the limit on open files.',
}
const reset: Entry = { code: 'upstream-reset', message: 'The upstream closed the connection before its response was complete.' }
const untrusted: Entry = {
  code: 'upstream-untrusted',
  message: 'The upstream shows a certificate that is not trusted ({detail}). Name its CA in tls.ca, or correct the certificate.',
}
const tlsFailed: Entry = {
  code: 'upstream-untrusted',
  message: 'The upstream could not agree on TLS ({detail}). If it speaks plain HTTP, write its URL with http://.',
}
const notHttp: Entry = {
  code: 'upstream-invalid',
  message: 'The upstream sent something that is not valid HTTP ({detail}). If it expects TLS, write its URL with https://.',
}
const unasked: Entry = { code: 'upstream-invalid', message: 'The upstream sent a response that nobody asked for.' }
const twoLengths: Entry = { code: 'upstream-invalid', message: 'The upstream sent a response head that does not say one length.' }
const noConnection: Entry = { code: 'upstream-timeout', message: 'The upstream did not accept a connection in time.' }
const stopping: Entry = { code: 'gateway-stopping', message: 'The gateway is stopping, or this route has just changed. Try again.' }
const clientLeft: Entry = { code: 'client-aborted', message: 'The client left before the response was complete.' }

const byCode: Readonly<Record<string, Entry>> = {
  ECONNREFUSED: { code: 'upstream-unreachable', message: 'The upstream refused the connection. Is it running, and on this port?' },
  ENOTFOUND: unresolved,
  ENODATA: unresolved,
  EAI_AGAIN: { code: 'upstream-unreachable', message: 'The upstream has a host name that no name server answered for. Try again later.' },
  EHOSTUNREACH: noRoute,
  EHOSTDOWN: noRoute,
  ENETUNREACH: noRoute,
  ENETDOWN: noRoute,
  EADDRNOTAVAIL: noRoute,
  EINVAL: noRoute,
  EACCES: noRoute,
  EPERM: noRoute,
  EMFILE: noDescriptors,
  ENFILE: noDescriptors,
  ENOBUFS: noDescriptors,

  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  HOSTNAME_MISMATCH: untrusted,
  INVALID_CA: untrusted,
  INVALID_PURPOSE: untrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: {
    code: 'upstream-untrusted',
    message: 'The upstream shows a certificate for another name. Set tls.serverName to the name in the certificate, or correct the URL.',
  },
  EPROTO: tlsFailed,
  ERR_TLS_HANDSHAKE_TIMEOUT: noConnection,

  ECONNRESET: reset,
  ECONNABORTED: reset,
  EPIPE: reset,
  UND_ERR_SOCKET: reset,
  UND_ERR_INFO: reset,
  ERR_HTTP2_STREAM_ERROR: reset,
  ERR_HTTP2_STREAM_CANCEL: reset,
  ERR_HTTP2_SESSION_ERROR: reset,
  ERR_HTTP2_INVALID_SESSION: reset,
  ERR_HTTP2_INVALID_STREAM: reset,
  ERR_HTTP2_GOAWAY_SESSION: reset,
  ERR_STREAM_PREMATURE_CLOSE: reset,

  UND_ERR_HEADERS_OVERFLOW: { code: 'upstream-invalid', message: 'The upstream sent a response head that is too large.' },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: reset,
  UND_ERR_RES_EXCEEDED_MAX_SIZE: { code: 'upstream-invalid', message: 'The upstream sent a response that is too large.' },
  ERR_HTTP2_ERROR: notHttp,
  HPE_UNASKED_UPGRADE: unasked,
  // undici (HTTP/2) asserts that a status is at least 100 and that nobody switches protocols unasked.
  ERR_ASSERTION: { code: 'upstream-invalid', message: 'The upstream sent a status that HTTP does not allow here.' },

  UND_ERR_CONNECT_TIMEOUT: noConnection,
  ETIMEDOUT: noConnection,
  UND_ERR_HEADERS_TIMEOUT: {
    code: 'upstream-timeout',
    message: 'The upstream sent no response head in time. upstream.headTimeoutMs sets how long to wait.',
  },
  UND_ERR_BODY_TIMEOUT: {
    code: 'upstream-timeout',
    message: 'The upstream fell silent in the middle of its response. upstream.idleTimeoutMs sets how long to wait.',
  },

  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: {
    code: 'bad-request',
    message: 'The request has a body of another length than its Content-Length says.',
  },
  UND_ERR_ABORTED: clientLeft,
  ABORT_ERR: clientLeft,
  UND_ERR_DESTROYED: stopping,
  UND_ERR_CLOSED: stopping,
}

const byPrefix: readonly (readonly [prefix: string, entry: Entry])[] = [
  ['CERT_', untrusted],
  ['UNABLE_TO_', untrusted],
  ['CRL_', untrusted],
  ['ERROR_IN_CERT', untrusted],
  ['ERR_SSL_', tlsFailed],
  ['ERR_TLS_', tlsFailed],
  ['ERR_OSSL_', tlsFailed],
  ['HPE_', notHttp],
  ['EAI_', unresolved],
]

function entryOf(error: object, hasHead: boolean): Entry | undefined {
  if (isParserError(error)) return detailOf(error) === 'Invalid EOF state' ? reset : notHttp
  const code = codeOf(error)
  if (code === '') return undefined
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' && !hasHead) return twoLengths
  // undici, which serves routes with http2, has one code for every end of a socket, its own refusals among them.
  if (code === 'UND_ERR_SOCKET' && /^bad (upgrade|response)$/.test(String(property(error, 'message')))) return unasked
  return Object.hasOwn(byCode, code) ? byCode[code] : byPrefix.find(([prefix]) => code.startsWith(prefix))?.[1]
}

/** What the error calls itself; of a parser's error, the reason that its message ends with. */
function detailOf(error: object): string {
  if (!isParserError(error)) return codeOf(error)
  return error instanceof Error ? (/\(([^()]{1,100})\)$/.exec(error.message)?.[1] ?? 'malformed') : 'malformed'
}

// Where an upstream of a route with http2 speaks HTTP/1.1 alone. undici 8.12 means to give these errors an HPE_ code, and leaves it undefined.
function isParserError(error: object): boolean {
  return property(error, 'name') === 'HTTPParserError'
}

/** The error, its causes and the errors it sums up, nearest first; a circle is walked once. */
function causes(error: unknown): object[] {
  const chain: object[] = []
  const waiting: unknown[] = [error]
  while (waiting.length > 0 && chain.length < 32) {
    const next = waiting.shift()
    if (typeof next !== 'object' || next === null || chain.includes(next)) continue
    chain.push(next)
    if ('cause' in next) waiting.push(next.cause)
    if (next instanceof AggregateError) waiting.push(...(next.errors as readonly unknown[]))
  }
  return chain
}

function codeOf(error: object): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** The host and port that Node or undici put on their errors: of a connect, a look-up, or a socket that was open. */
function addressIn(chain: readonly object[]): string | null {
  for (const error of chain) {
    const socket = property(error, 'socket')
    const host = property(error, 'address') ?? property(error, 'hostname') ?? property(error, 'host') ?? property(socket, 'remoteAddress')
    const port = property(error, 'port') ?? property(socket, 'remotePort')
    if (typeof host !== 'string' || host === '') continue
    const bracketed = host.includes(':') ? `[${host}]` : host
    return typeof port === 'number' || typeof port === 'string' ? `${bracketed}:${port}` : bracketed
  }
  return null
}

function property(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? (Reflect.get(of, name) as unknown) : undefined
}
