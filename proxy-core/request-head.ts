import { fieldValue } from './headers.ts'
import type { ConnectionOptions } from './upstream-connections.ts'

/** The head of a request as bytes. Throws where it would not be read as what it says. */
export function requestHead({ method, path, headers, upgrade, body }: ConnectionOptions, authority: string): string {
  const fields = (headers ?? []) as readonly string[]
  if (!/^[\x21-\x7e\x80-\xff]+$/.test(path) || !token.test(method)) throw new TypeError('The request line would be malformed.')
  let head = `${method} ${path} HTTP/1.1\r\n`
  // RFC 9112 §3.2: Host comes first.
  head += `host: ${sendable(fieldValue(fields, 'host') ?? authority)}\r\n`
  // RFC 9110 §10.1.4: who sends TE names it in Connection.
  const alsoTe = fieldValue(fields, 'te') === undefined ? '' : ', TE'
  head += typeof upgrade === 'string' ? `Connection: upgrade${alsoTe}\r\nUpgrade: ${upgrade}\r\n` : `Connection: keep-alive${alsoTe}\r\n`
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = fields[index] ?? ''
    const value = fields[index + 1] ?? ''
    if (/^host$/i.test(name)) continue
    if (!token.test(name) || ownFields.test(name)) throw new TypeError(`The field ${name} can’t be sent.`)
    // RFC 9110 §8.6: zeros before a length are the same length, but not to every reader.
    head += `${name}: ${/^content-length$/i.test(name) ? String(Number(value)) : sendable(value)}\r\n`
  }
  const hasLength = fieldValue(fields, 'content-length') !== undefined
  if (!hasLength && body) head += 'Transfer-Encoding: chunked\r\n'
  // RFC 9110 §8.6: where a method has content, none is said to be none.
  else if (!hasLength && /^(POST|PUT|PATCH)$/.test(method)) head += 'Content-Length: 0\r\n'
  return `${head}\r\n`
}

/** What frames the request and manages the connection is written here alone. */
const ownFields = /^(connection|transfer-encoding|keep-alive|upgrade|expect)$/i
const token = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/

/** Beyond a byte a character would be written as another one, a line end perhaps. */
function sendable(value: string): string {
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw new TypeError('A request field has a value that can’t be sent.')
  return value
}
