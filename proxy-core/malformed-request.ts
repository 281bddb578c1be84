import { METHODS, STATUS_CODES, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { ClientRequest } from './client-side.ts'
import type { ErrorCode, ErrorReport } from './contract/errors.ts'
import { errorBody, errorContentType } from './error-answer.ts'

/** Longer targets are refused; RFC 9110 §4.1 recommends to take at least 8,000 bytes. */
export const maxTargetBytes = 16_384
/** A client that is refused may go on sending for so long, and then still reads its answer. */
const lingeringMs = 2000

/** A refusal before there is a request that could be an exchange. */
export interface MalformedRequest {
  readonly status: number
  readonly error: ErrorReport
  readonly fields?: readonly string[]
}

/** CONNECT, which a gateway need not serve (RFC 9110 §9.3.6). */
export const refusedConnect: MalformedRequest = {
  ...malformed(405, 'This gateway serves no tunnels.', 'method-refused'),
  fields: ['Allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'],
}

/** Why a request that could be read is not served all the same, or null. */
export function unservedRequest(request: Pick<ClientRequest, 'method' | 'url' | 'httpVersion' | 'headers'>): MalformedRequest | null {
  const { method = '', url = '', httpVersion } = request
  if (!['1.0', '1.1', '2'].includes(httpVersion)) return malformed(505, `HTTP/${httpVersion} is not spoken here, HTTP/1.1 is.`)
  if (!methods.has(method)) return malformed(501, `The method ${method} is not known here.`)
  if (url.length > maxTargetBytes) return malformed(414, `The request target is longer than ${maxTargetBytes} bytes.`)
  const { expect } = request.headers
  if (expect !== undefined && expect.trim().toLowerCase() !== '100-continue')
    return malformed(417, 'Only 100-continue can be expected here.')
  return null
}

/** What is wrong with bytes that are no request. */
export function malformedRequest(error: Error & { code?: string; rawPacket?: Buffer; bytesParsed?: number }): MalformedRequest {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return malformed(408, 'The head of the request took too long.', 'request-timeout')
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return malformed(413, 'The chunks of the request have too many extensions.', 'body-too-large')
    case 'HPE_HEADER_OVERFLOW':
      return isInRequestLine(error)
        ? malformed(414, `The request target is longer than ${maxTargetBytes} bytes.`)
        : malformed(431, 'The head of the request is too large.', 'header-too-large')
    case 'HPE_INVALID_METHOD':
    case 'HPE_INVALID_VERSION':
    case 'HPE_INVALID_CONSTANT': {
      const [, method = '', version] = requestLine.exec(lineAt(error)) ?? []
      if (version !== undefined && !version.startsWith('1.')) return malformed(505, `HTTP/${version} is not spoken here, HTTP/1.1 is.`)
      if (method !== '' && !methods.has(method)) return malformed(501, `The method ${method.slice(0, 40)} is not known here.`)
      break
    }
    case undefined:
    default:
  }
  return malformed(400, 'This is not a well-formed HTTP request.')
}

/**
 * Answers on the bare socket, once, and closes it. What came before on the connection is answered first, in its turn; the response to a
 * request that is broken itself is cut.
 */
export function refuseConnection(socket: Socket, refusal: MalformedRequest): void {
  // The parser tells of the same fault again with whatever comes after it.
  if (refused.has(socket)) return
  refused.add(socket)
  // node:http has let go of a connection that CONNECT or Upgrade came on, and its client may reset it.
  socket.on('error', () => socket.destroy())
  answerInTurn(socket, refusal)
}

function answerInTurn(socket: Socket, refusal: MalformedRequest): void {
  const answering = responseOn(socket)
  if (answering?.req.complete) {
    // The end of the connection in the middle of a head is what was wrong: this client has left.
    if (socket.readableEnded) {
      socket.destroy()
      return
    }
    // One that leaves meanwhile is still seen to.
    socket.once('end', () => socket.destroy()).resume()
    answering.once('close', () => setImmediate(answerInTurn, socket, refusal))
    return
  }
  // Bytes in the middle of a response would become part of its body.
  if (!socket.writable || socket.destroyed || answering?.headersSent) {
    socket.destroy()
    return
  }
  const { status, error, fields = [] } = refusal
  const body = errorBody(error)
  const head = [...fields, 'Content-Type', errorContentType, 'Content-Length', String(body.length), 'Connection', 'close']
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`
  for (let index = 0; index + 1 < head.length; index += 2) text += `${head[index]}: ${head[index + 1]}\r\n`
  socket.end(Buffer.concat([Buffer.from(`${text}\r\n`, 'latin1'), body]))
  // To close a socket with unread bytes resets it, and the answer with it (RFC 9112 §9.6).
  socket.resume()
  const timer = setTimeout(() => socket.destroy(), lingeringMs)
  socket.once('close', () => clearTimeout(timer))
}

/** The response that a connection's next bytes belong to; null when every request on it has been answered. */
export function responseOn(socket: Socket): ServerResponse | null {
  return (socket as Socket & { _httpMessage?: ServerResponse | null })._httpMessage ?? null
}

const refused = new WeakSet<Socket>()
// The parser also knows the methods of RTSP, and SOURCE of Icecast, which comes with a version of its own.
const methods: ReadonlySet<string> = new Set(METHODS.filter((method) => method !== 'SOURCE'))

function malformed(status: number, message: string, code: ErrorCode = 'bad-request'): MalformedRequest {
  return { status, error: { code, message } }
}

// RFC 9112 §3: a token, a target, and a version of one digit each.
const requestLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) [^ \t\r\n]+ HTTP\/(\d\.\d)\r\n/

/** The line in which the parser stopped. */
function lineAt({ rawPacket, bytesParsed = 0 }: { rawPacket?: Buffer; bytesParsed?: number }): string {
  if (!rawPacket) return ''
  const start = rawPacket.lastIndexOf('\n', Math.max(0, bytesParsed - 1)) + 1
  const end = rawPacket.indexOf('\n', bytesParsed)
  return rawPacket.toString('latin1', start, end < 0 ? rawPacket.length : end + 1)
}

/** Whether a head grew too large in its first line, as far as the last bytes of it tell. */
function isInRequestLine({ rawPacket, bytesParsed = 0 }: { rawPacket?: Buffer; bytesParsed?: number }): boolean {
  const text = rawPacket?.toString('latin1', 0, bytesParsed) ?? ''
  return /^[A-Z]+ [^\r\n]*$/.test(text.slice(text.lastIndexOf('\n') + 1))
}
