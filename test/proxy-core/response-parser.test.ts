// RFC 9112: how a response's bytes are read, however they are cut into reads. What comes over real sockets is in hostile-responses.test.ts.
import { get } from 'node:http'
import { createServer as createRawServer, type AddressInfo } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ResponseFault, ResponseParser } from '../../proxy-core/response-parser.ts'
import { responseFraming } from './corpus/response-framing.ts'
import { responseHeads } from './corpus/response-heads.ts'

/** What became of bytes that come in these reads. The memory of a borrowed read is wiped when the read is over. */
function parse(reads: readonly Buffer[], { method = 'GET', ends = false, isBorrowed = true } = {}) {
  const heads: unknown[] = []
  const result = { heads, body: '', trailers: null as string[] | null, rest: '', fault: null as string | null, isKept: false }
  const parts: Buffer[] = []
  const parser = new ResponseParser(
    { method, mayUpgrade: false },
    {
      head: (status, reason, fields) => heads.push([status, reason, fields]),
      data: (chunk) => parts.push(chunk),
      end: (trailers, rest) => {
        result.trailers = trailers
        result.rest = rest.toString('latin1')
      },
    },
  )
  try {
    for (const read of reads) {
      const bytes = Buffer.from(read)
      const wasOver = result.trailers !== null
      parser.feed(bytes, isBorrowed)
      if (wasOver) result.rest += bytes.toString('latin1')
      if (isBorrowed) bytes.fill(0)
    }
    if (ends) parser.finish()
  } catch (error) {
    if (!(error instanceof ResponseFault)) throw error
    result.fault = error.code
  }
  result.body = Buffer.concat(parts).toString('latin1')
  result.isKept = parser.isKept
  return result
}

function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const edges = [0, ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))
}

const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'

test.each([
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody', 'body', true],
  ['chunks with extensions', `${chunked}2;a="b;c"\r\nbo\r\n0002\r\ndy\r\n000\r\n\r\n`, 'body', true],
  ['a connection that is closed', 'HTTP/1.1 200 OK\r\nConnection: foo, Close\r\nContent-Length: 0\r\n\r\n', '', false],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nbody', 'body', false],
  ['HTTP/1.0 that keeps its connection', 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\nbody', 'body', true],
])('%s is read to its end', (_, text, body, isKept) => {
  expect(parse([Buffer.from(text, 'latin1')])).toMatchObject({ body, isKept, fault: null, trailers: [], rest: '' })
})

test.each([
  ['a bare LF in the head', 'HTTP/1.1 200 OK\nContent-Length: 4\r\n\r\nbody'],
  ['a head that only bare LFs end', 'HTTP/1.1 200 OK\nContent-Length: 4\n\nbody'],
  ['a bare LF behind a size', `${chunked}4\nbody\r\n0\r\n\r\n`],
  ['a bare LF behind a chunk', `${chunked}4\r\nbody\n0\r\n\r\n`],
  ['a bare LF in an extension', `${chunked}4;a\nbody\r\n0\r\n\r\n`],
  ['a space behind a size', `${chunked}4 \r\nbody\r\n0\r\n\r\n`],
  ['a size of 14 digits', `${chunked}00000000000004\r\nbody\r\n0\r\n\r\n`],
  ['a sized body and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n'],
  ['chunks in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n'],
  ['a trailer in a folded line', `${chunked}0\r\nX-A: 1\r\n 2\r\n\r\n`],
  ['trailers without end', `${chunked}0\r\n${'X-A: 1\r\n'.repeat(20_000)}`],
  ['an extension without end', `${chunked}4;${'a'.repeat(20_000)}`],
  ['a switch of protocols that nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
])('%s is refused', (_, text) => {
  const whole = parse([Buffer.from(text, 'latin1')])
  expect(whole.fault).not.toBeNull()
  expect(whole.trailers).toBeNull()
  expect(parse([...Buffer.from(text, 'latin1')].map((byte) => Buffer.of(byte))).fault).not.toBeNull()
})

test('how the bytes are cut into reads changes nothing', () => {
  const corpus = [...responseHeads, ...responseFraming].filter(({ send }) => send.length < 4000)
  fc.assert(
    fc.property(fc.constantFrom(...corpus), fc.array(fc.nat(4000), { maxLength: 12 }), fc.boolean(), (one, places, isBorrowed) => {
      const bytes = Buffer.from(one.send, 'latin1')
      const options = { method: one.method, ends: one.end === 'closes' }
      const { fault, ...whole } = parse([bytes], options)
      const { fault: cutFault, ...cut } = parse(cutAt(bytes, places), { ...options, isBorrowed })
      expect(cut).toEqual(whole)
      expect(cutFault === null).toBe(fault === null)
    }),
    { numRuns: 3000 },
  )
})

test('a valid response is read as node:http reads it', async () => {
  const name = fc.stringMatching(/^X-[a-zA-Z0-9!#$%&'*+.^_`|~-]{1,12}$/)
  const value = fc.stringMatching(/^[!-~\x80-\xff]([\t -~\x80-\xff]{0,20}[!-~\x80-\xff])?$/)
  const chunk = fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 300 })
  const response = fc.record({
    status: fc.constantFrom(200, 201, 206, 299, 404, 500),
    fields: fc.array(fc.tuple(name, value), { maxLength: 6 }),
    chunks: fc.array(chunk, { maxLength: 6 }),
    trailers: fc.array(fc.tuple(name, value), { maxLength: 3 }),
    isSized: fc.boolean(),
    places: fc.array(fc.nat(3000), { maxLength: 8 }),
  })
  let sending = Buffer.alloc(0)
  const server = createRawServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(sending))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const asNode = () =>
    new Promise((resolve, reject) => {
      get({ port, host: '127.0.0.1', agent: false }, (answer) => {
        let body = ''
        answer.setEncoding('latin1').on('data', (text: string) => (body += text))
        answer.on('end', () =>
          resolve({ head: [answer.statusCode, answer.statusMessage, answer.rawHeaders], body, trailers: answer.rawTrailers }),
        )
      }).on('error', reject)
    })
  await fc.assert(
    fc.asyncProperty(response, async ({ status, fields, chunks, trailers, isSized, places }) => {
      const lines = (list: readonly (readonly [string, string])[]) => list.map(([key, text]) => `${key}: ${text}\r\n`).join('')
      const framing = isSized ? `Content-Length: ${chunks.join('').length}` : 'Transfer-Encoding: chunked'
      const framed = chunks.map((text) => `${text.length.toString(16)}\r\n${text}\r\n`).join('')
      const body = isSized ? chunks.join('') : `${framed}0\r\n${lines(trailers)}\r\n`
      sending = Buffer.from(`HTTP/1.1 ${status} Some Reason\r\n${lines(fields)}${framing}\r\n\r\n${body}`, 'latin1')
      const ours = parse(cutAt(sending, places))
      expect({ head: ours.heads[0], body: ours.body, trailers: ours.trailers }).toEqual(await asNode())
    }),
    { numRuns: 200 },
  )
  server.close()
})
