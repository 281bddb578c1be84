import { answered, get, hidden, message, passed, post, refused, type RequestCase } from './request-case.ts'

const asking = ['Expect: 100-continue', 'Content-Length: 4']
const upgrading = ['Connection: Upgrade', 'Upgrade: h2c']

/** Expect, Upgrade and CONNECT, by which a connection could become something else. */
export const requestExpectations: readonly RequestCase[] = [
  refused(417, 'RFC 9110 §10.1.1', 'an expectation that nobody knows', get(['Expect: miracles'])),
  refused(
    417,
    'RFC 9110 §10.1.1',
    'an expectation that nobody knows, and a request in the body',
    post(['Expect: miracles', `Content-Length: ${hidden.length}`], hidden),
  ),
  refused(417, 'RFC 9110 §10.1.1', 'two expectations', post(['Expect: 100-continue, miracles', 'Content-Length: 4'])),
  refused(404, 'RFC 9110 §10.1.1', 'a body that is asked for where no route is', message('POST http://127.0.0.1/nowhere HTTP/1.1', asking)),
  refused(
    404,
    'RFC 9110 §10.1.1',
    'a request in a body that nobody asked for',
    message('POST http://127.0.0.1/nowhere HTTP/1.1', ['Expect: 100-continue', `Content-Length: ${hidden.length}`], hidden),
  ),
  refused(421, 'RFC 9110 §10.1.1', 'a foreign host that asks', message('POST http://evil.example/ HTTP/1.1', asking)),
  refused(405, 'RFC 9110 §9.3.6', 'CONNECT', message('CONNECT localhost:443 HTTP/1.1')),
  refused(405, 'RFC 9110 §9.3.6', 'CONNECT, and a request after it', message('CONNECT localhost:443 HTTP/1.1', [], hidden)),
  refused(
    405,
    'RFC 9110 §9.3.6',
    'CONNECT with a length, and a request in its body',
    message('CONNECT localhost:443 HTTP/1.1', [`Content-Length: ${hidden.length}`], hidden),
  ),
  refused([400, 405], 'RFC 9110 §9.3.6', 'CONNECT with a path', message('CONNECT /case HTTP/1.1')),
  refused([400, 405], 'RFC 9110 §9.3.6', 'CONNECT in HTTP/1.0', message('CONNECT localhost:443 HTTP/1.0')),
  refused([400, 405], 'RFC 9112 §3.2.3', 'CONNECT with a URL', message('CONNECT http://localhost/case HTTP/1.1')),
  answered(404, 'RFC 9110 §7.8', 'an upgrade where no route is', message('GET http://127.0.0.1/nowhere HTTP/1.1', upgrading)),
  passed(
    'RFC 9110 §7.8',
    'an upgrade to HTTP/2 is not taken up',
    get([...upgrading, 'Connection: HTTP2-Settings', 'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA']),
    {
      fields: { upgrade: null, 'http2-settings': null },
    },
  ),
  passed(
    'RFC 9110 §7.8',
    'an upgrade to HTTP/2 with a request in its body',
    post([...upgrading, `Content-Length: ${hidden.length}`], hidden),
    {
      method: 'POST',
      body: hidden,
      fields: { upgrade: null },
    },
  ),
  passed(
    'RFC 9110 §7.8',
    'an upgrade with a request in its body is not taken up',
    post(['Connection: Upgrade', 'Upgrade: websocket', `Content-Length: ${hidden.length}`], hidden),
    { method: 'POST', body: hidden, fields: { upgrade: null } },
  ),
  passed(
    'RFC 9110 §7.8',
    'an upgrade with a request in a chunk is not taken up',
    post(
      ['Connection: Upgrade', 'Upgrade: websocket', 'Transfer-Encoding: chunked'],
      `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`,
    ),
    { method: 'POST', body: hidden, fields: { upgrade: null } },
  ),
  passed('RFC 9110 §7.8', 'an upgrade in HTTP/1.0', message('GET /case HTTP/1.0', ['Connection: Upgrade', 'Upgrade: websocket']), {
    fields: { upgrade: null },
    closes: true,
  }),
  passed('RFC 9110 §7.8', 'an upgrade to TLS', message('OPTIONS /case HTTP/1.1', ['Connection: Upgrade', 'Upgrade: TLS/1.2, HTTP/1.1']), {
    method: 'OPTIONS',
    fields: { upgrade: null },
  }),
  passed(
    'RFC 9110 §7.8',
    'an upgrade to one protocol or another, one of which is not taken up',
    get(['Connection: Upgrade', 'Upgrade: websocket, h2c']),
    {
      fields: { upgrade: null },
    },
  ),
  passed('RFC 9110 §7.8', 'an Upgrade that Connection does not name', get(['Upgrade: websocket']), { fields: { upgrade: null } }),
  passed('RFC 9110 §7.6.1', 'a Connection that asks to upgrade to nothing', get(['Connection: Upgrade']), { fields: { upgrade: null } }),
  passed('RFC 9110 §10.1.1', 'a body that was not waited for', post(asking, 'body'), {
    method: 'POST',
    body: 'body',
    fields: { expect: null, 'content-length': '4' },
  }),
]
