import { answer, cut, ok, passed, poison, refused, type ResponseCase } from './response-case.ts'

const chunked = (rest: string): string => ok(['Transfer-Encoding: chunked'], rest)
const chunks = '4\r\nbody\r\n0\r\n\r\n'
const sized = (value: string, rest = 'body'): string => ok([`Content-Length: ${value}`], rest)
const head = { method: 'HEAD' } as const
const none = { body: '' } as const

/** Lengths, codings and chunks that do not add up, and bodies where none may be. */
export const responseFraming: readonly ResponseCase[] = [
  refused('RFC 9112 §6.3', 'a coding that nobody knows', ok(['Transfer-Encoding: foo'], 'body')),
  refused('RFC 9112 §6.3', 'another coding, and chunked on top', ok(['Transfer-Encoding: gzip, chunked'], chunks)),
  refused('RFC 9112 §6.3', 'chunked, and another coding on top', ok(['Transfer-Encoding: chunked, gzip'], chunks)),
  refused('RFC 9112 §7.1', 'chunked twice', ok(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], chunks)),
  refused('RFC 9112 §6.1', 'identity', ok(['Transfer-Encoding: identity', 'Content-Length: 4'], 'body')),
  refused('RFC 9112 §6.1', 'chunked in quotes', ok(['Transfer-Encoding: "chunked"'], chunks)),
  refused('RFC 9112 §5.1', 'chunked with white space before its colon', ok(['Transfer-Encoding : chunked'], chunks)),
  refused('RFC 9112 §5.2', 'chunked in a folded line', ok(['Transfer-Encoding:', ' chunked'], chunks)),
  refused('RFC 9112 §6.3', 'a length and chunks', ok(['Content-Length: 4', 'Transfer-Encoding: chunked'], chunks)),
  refused('RFC 9112 §6.3', 'chunks and a length', ok(['Transfer-Encoding: chunked', 'Content-Length: 4'], chunks)),
  refused('RFC 9112 §6.3', 'two lengths', ok(['Content-Length: 4', 'Content-Length: 40'], 'body')),
  refused('RFC 9112 §6.3', 'a list of two lengths', sized('4, 40')),
  refused('RFC 9112 §6.3', 'a length with a sign', sized('+4')),
  refused('RFC 9112 §6.3', 'a negative length', sized('-4')),
  refused('RFC 9112 §6.3', 'a hexadecimal length', sized('0x4')),
  refused('RFC 9112 §6.3', 'a length and a letter', sized('4a')),
  refused('RFC 9112 §6.3', 'a length with a space in it', sized('4 0')),
  refused('RFC 9112 §6.3', 'an empty length', sized('')),
  refused('RFC 9112 §6.3', 'a length of 20 digits', sized('18446744073709551620')),
  cut('RFC 9112 §8', 'a body that ends before its length', sized('400'), 'body', { end: 'closes' }),
  cut('RFC 9112 §8', 'a body that is reset before its length', sized('400'), 'body', { end: 'resets' }),
  cut('RFC 9112 §8', 'chunks without a last one', chunked('4\r\nbody\r\n'), 'body', { end: 'closes' }),
  cut('RFC 9112 §8', 'chunks that are reset', chunked('4\r\nbody\r\n'), 'body', { end: 'resets' }),
  cut('RFC 9112 §8', 'half a chunk', chunked('8\r\nbody'), 'body', { end: 'closes' }),
  cut('RFC 9112 §8', 'a last chunk without its empty line', chunked('4\r\nbody\r\n0\r\n'), 'body', { end: 'closes' }),
  cut('RFC 9112 §8', 'a body that only the end of the connection ends, by a reset', ok([], 'body'), 'body', { end: 'resets' }),
  cut('RFC 9112 §7.1', 'a size with 0x', chunked(`4\r\nbody\r\n0x4\r\nbody\r\n0\r\n\r\n`), 'body'),
  cut('RFC 9112 §7.1', 'a negative size', chunked(`4\r\nbody\r\n-4\r\nbody\r\n0\r\n\r\n`), 'body'),
  cut('RFC 9112 §7.1', 'a size that is no number', chunked(`4\r\nbody\r\nxyz\r\nbody\r\n0\r\n\r\n`), 'body'),
  cut('RFC 9112 §7.1', 'no size', chunked(`4\r\nbody\r\n\r\nbody\r\n0\r\n\r\n`), 'body'),
  cut('RFC 9112 §7.1', 'a size that overflows 64 bits', chunked(`4\r\nbody\r\n10000000000000004\r\nbody\r\n0\r\n\r\n`), 'body'),
  cut('RFC 9112 §7.1', 'a chunk that is longer than its size', chunked(`4\r\nbodybody\r\n0\r\n\r\n`), 'body'),
  cut('RFC 9112 §7.1', 'no line end after a chunk', chunked(`4\r\nbody0\r\n\r\n`), 'body'),
  cut('RFC 9112 §7.1.2', 'a trailer without a colon', chunked('4\r\nbody\r\n0\r\nX-Trailer\r\n\r\n'), 'body'),
  cut('RFC 9110 §5.5', 'a trailer with a NUL', chunked('4\r\nbody\r\n0\r\nX-Trailer: a\0b\r\n\r\n'), 'body'),
  passed('RFC 9112 §6.3', 'a body that the end of the connection ends', ok([], 'body'), {}, { end: 'closes' }),
  passed('RFC 9112 §6.1', 'chunked in another case', ok(['transfer-encoding: ChunKed'], chunks)),
  passed('RFC 9112 §7.1.1', 'extensions, which go no further', chunked('4;a=b;c="d"\r\nbody\r\n0\r\n\r\n')),
  passed(
    'RFC 9110 §6.5.1',
    'trailers that would frame or route a message',
    chunked('4\r\nbody\r\n0\r\nConnection: close\r\nHost: evil.example\r\n\r\n'),
    { fields: { host: null } },
  ),
  passed('RFC 9110 §6.6.2', 'trailers announced beside a length', ok(['Content-Length: 4', 'Trailer: X-Sum'], 'body'), {
    fields: { trailer: null },
  }),
  passed('RFC 9110 §6.6.2', 'trailers announced in answer to HEAD', ok(['Transfer-Encoding: chunked', 'Trailer: X-Sum']), none, head),
  passed('RFC 9110 §6.6.2', 'trailers announced by 204', answer('HTTP/1.1 204 No Content', ['Trailer: X-Sum']), { ...none, status: 204 }),
  passed('RFC 9110 §6.6.2', 'trailers announced by 304', answer('HTTP/1.1 304 Not Modified', ['Trailer: X-Sum']), {
    ...none,
    status: 304,
  }),
  passed('RFC 9112 §6.3', 'more than its length', sized('4', 'bodyand more')),
  passed('RFC 9112 §6.3', 'another response behind it', sized('4', `body${poison}`)),
  passed('RFC 9112 §6.3', 'another response behind it, a moment later', sized('4'), {}, { later: poison }),
  passed('RFC 9112 §6.3', 'another response behind chunks', chunked(`${chunks}${poison}`)),
  passed('RFC 9112 §6.3', 'another response behind chunks, a moment later', chunked(chunks), {}, { later: poison }),
  passed('RFC 9112 §6.3', 'another response behind a length of zero', sized('0', poison), none),
  passed('RFC 9110 §9.3.2', 'a body in answer to HEAD', sized('4', 'body'), { ...none, fields: { 'content-length': '4' } }, head),
  passed('RFC 9110 §9.3.2', 'chunks in answer to HEAD', chunked(chunks), none, head),
  passed('RFC 9110 §9.3.2', 'another response in answer to HEAD', sized(String(poison.length), poison), none, head),
  passed(
    'RFC 9110 §9.3.2',
    'a length without a body in answer to HEAD',
    sized('4', ''),
    { ...none, fields: { 'content-length': '4' } },
    head,
  ),
  passed('RFC 9110 §15.3.5', '204 with a length', answer('HTTP/1.1 204 No Content', ['Content-Length: 0']), {
    ...none,
    status: 204,
    fields: { 'content-length': null },
  }),
  passed('RFC 9110 §15.3.5', '204 with a body', answer('HTTP/1.1 204 No Content', ['Content-Length: 4'], 'body'), { ...none, status: 204 }),
  passed('RFC 9110 §15.3.5', '204 with chunks', answer('HTTP/1.1 204 No Content', ['Transfer-Encoding: chunked'], chunks), {
    ...none,
    status: 204,
    fields: { 'transfer-encoding': null },
  }),
  passed('RFC 9110 §15.3.5', '204 with another response behind it', answer('HTTP/1.1 204 No Content', [], poison), {
    ...none,
    status: 204,
  }),
  passed('RFC 9110 §15.4.5', '304 with the length of what it stands for', answer('HTTP/1.1 304 Not Modified', ['Content-Length: 4']), {
    ...none,
    status: 304,
    fields: { 'content-length': '4' },
  }),
  passed('RFC 9110 §15.4.5', '304 with a body', answer('HTTP/1.1 304 Not Modified', ['Content-Length: 4'], 'body'), {
    ...none,
    status: 304,
  }),
  passed('RFC 9110 §15.4.5', '304 with chunks', answer('HTTP/1.1 304 Not Modified', ['Transfer-Encoding: chunked'], chunks), {
    ...none,
    status: 304,
  }),
]
