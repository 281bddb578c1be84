import { broken, cut, hidden, passed, post, type RequestCase } from './request-case.ts'

const chunked = (rest: string): string => post(['Transfer-Encoding: chunked'], rest)
const body = { method: 'POST', body: 'body' } as const

/** Chunks that are malformed, and such as only strain. */
export const requestChunks: readonly RequestCase[] = [
  cut(400, 'RFC 9112 §7.1', 'a size with 0x', chunked(`0x4\r\nbody\r\n0\r\n\r\n${hidden}`)),
  cut(400, 'RFC 9112 §7.1', 'a negative size', chunked(`-4\r\nbody\r\n0\r\n\r\n${hidden}`)),
  cut(400, 'RFC 9112 §7.1', 'a size with a sign', chunked(`+4\r\nbody\r\n0\r\n\r\n${hidden}`)),
  cut(400, 'RFC 9112 §7.1', 'a size that is no number', chunked(`g\r\nbody\r\n0\r\n\r\n${hidden}`)),
  cut(400, 'RFC 9112 §7.1', 'no size', chunked(`\r\nbody\r\n0\r\n\r\n${hidden}`)),
  cut(400, 'RFC 9112 §7.1', 'white space before a size', chunked(` 4\r\nbody\r\n0\r\n\r\n${hidden}`)),
  cut(400, 'RFC 9112 §7.1', 'white space after a size', chunked(`4 \r\nbody\r\n0\r\n\r\n${hidden}`)),
  cut(400, 'RFC 9112 §7.1', 'a size with an underscore', chunked(`0_4\r\nbody\r\n0\r\n\r\n${hidden}`)),
  cut(400, 'RFC 9112 §7.1', 'a size that overflows 64 bits', chunked(`10000000000000004\r\nbody\r\n0\r\n\r\n${hidden}`)),
  cut(
    400,
    'RFC 9112 §7.1',
    'a size that overflows 32 bits into a small one, of 40 digits',
    chunked(`${'0'.repeat(8)}${'f'.repeat(32)}\r\nbody\r\n0\r\n\r\n${hidden}`),
  ),
  cut(400, 'RFC 9112 §2.2', 'a bare LF after a size', chunked(`4\nbody\r\n0\r\n\r\n${hidden}`)),
  cut(400, 'RFC 9112 §2.2', 'a bare CR after a size', chunked(`4\rbody\r\n0\r\n\r\n${hidden}`)),
  cut(400, 'RFC 9112 §7.1', 'a chunk that is longer than its size', chunked(`4\r\nbodybody\r\n0\r\n\r\n${hidden}`)),
  cut(400, 'RFC 9112 §7.1', 'a chunk that is shorter than its size', chunked(`6\r\nbody\r\n0\r\n\r\n${hidden}`)),
  cut(400, 'RFC 9112 §7.1', 'a bare LF after a chunk', chunked(`4\r\nbody\n0\r\n\r\n${hidden}`)),
  cut(400, 'RFC 9112 §7.1', 'no line end after a chunk', chunked(`4\r\nbody0\r\n\r\n${hidden}`)),
  cut(400, 'RFC 9112 §7.1.1', 'a bare LF in an extension', chunked(`4;a\nb\r\nbody\r\n0\r\n\r\n${hidden}`)),
  cut(400, 'RFC 9112 §7.1.1', 'a bare CR in an extension', chunked(`4;a\rb\r\nbody\r\n0\r\n\r\n${hidden}`)),
  cut(400, 'RFC 9112 §7.1.1', 'a NUL in an extension', chunked(`4;a\0b\r\nbody\r\n0\r\n\r\n${hidden}`)),
  cut([400, 413], 'RFC 9112 §7.1.1', 'an extension of 100,000 bytes', chunked(`4;${'a'.repeat(100_000)}\r\nbody\r\n0\r\n\r\n`)),
  cut(400, 'RFC 9112 §7.1', 'a last chunk with a bare LF', chunked(`4\r\nbody\r\n0\n\n${hidden}`)),
  cut(400, 'RFC 9112 §7.1.2', 'a trailer without a colon', chunked(`4\r\nbody\r\n0\r\nX-Trailer\r\n\r\n${hidden}`)),
  cut(400, 'RFC 9112 §5.1', 'a trailer with white space before its colon', chunked(`4\r\nbody\r\n0\r\nX-Trailer : 1\r\n\r\n${hidden}`)),
  cut(400, 'RFC 9110 §5.5', 'a trailer with a NUL', chunked(`4\r\nbody\r\n0\r\nX-Trailer: a\0\r\n\r\n${hidden}`)),
  cut(400, 'RFC 9110 §6.5.1', 'a trailer that would frame the message', chunked(`4\r\nbody\r\n0\r\nContent-Length: 400\r\n\r\n${hidden}`)),
  cut(
    400,
    'RFC 9110 §6.5.1',
    'a trailer that would encode the message',
    chunked(`4\r\nbody\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n${hidden}`),
  ),
  cut(431, 'RFC 6585 §5', 'trailers of 100,000 bytes', chunked(`4\r\nbody\r\n0\r\nX-Trailer: ${'a'.repeat(100_000)}\r\n\r\n`)),
  broken('RFC 9112 §8', 'chunks without a last one', chunked('4\r\nbody\r\n')),
  broken('RFC 9112 §8', 'chunks that end in the middle of one', chunked('4\r\nbo')),
  passed('RFC 9112 §7.1', 'a size with zeros before it', chunked('0004\r\nbody\r\n0\r\n\r\n'), body),
  passed('RFC 9112 §7.1', 'a last chunk of many zeros', chunked('4\r\nbody\r\n000\r\n\r\n'), body),
  passed('RFC 9112 §7.1', 'sizes in both cases', chunked('A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n'), {
    method: 'POST',
    body: '01234567890123456789',
  }),
  passed('RFC 9112 §7.1.1', 'extensions that nobody knows', chunked('4;a=b;c="d e"\r\nbody\r\n0;last\r\n\r\n'), body),
  passed('RFC 9112 §7.1.1', 'many extensions, which go no further', chunked(`${`1;${'a'.repeat(100)}\r\nb\r\n`.repeat(200)}0\r\n\r\n`), {
    method: 'POST',
    body: 'b'.repeat(200),
  }),
  passed(
    'RFC 9110 §6.5.1',
    'trailers that would route or pay for a message',
    chunked('4\r\nbody\r\n0\r\nHost: evil.example\r\nAuthorization: x\r\n\r\n'),
    {
      ...body,
      fields: { host: 'localhost', authorization: null },
    },
  ),
  passed('RFC 9112 §7.1', 'chunks of one byte', chunked(`${'1\r\nx\r\n'.repeat(500)}0\r\n\r\n`), { method: 'POST', body: 'x'.repeat(500) }),
]
