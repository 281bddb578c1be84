import { answer, ok, passed, refused, unanswered, type ResponseCase } from './response-case.ts'

const sized = ['Content-Length: 4']
const closes = { end: 'closes' } as const
const line = (startLine: string): string => answer(startLine, sized, 'body')

/** Heads that are malformed, that lie, or that are too large. */
export const responseHeads: readonly ResponseCase[] = [
  refused('RFC 9112 §4', 'bytes that are no text', '\x00\x01\x02\xff\xfe\r\n\r\n'),
  refused('RFC 9112 §4', 'a TLS alert', '\x15\x03\x01\x00\x02\x02\x46'),
  refused('RFC 9112 §4', 'another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'),
  refused('RFC 9112 §4', 'a request in place of a response', 'GET /case HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  refused('RFC 9112 §4', 'a body without a head', '<html>body</html>\r\n\r\n', closes),
  refused('RFC 9112 §4', 'the protocol of an audio stream', line('ICY 200 OK')),
  refused('RFC 9112 §2.3', 'a version in lower case', line('http/1.1 200 OK')),
  refused('RFC 9112 §2.3', 'a version without digits', line('HTTP/ 200 OK')),
  refused('RFC 9112 §2.3', 'a version of three digits', line('HTTP/1.11 200 OK')),
  refused('RFC 9112 §2.3', 'HTTP/3.0', line('HTTP/3.0 200 OK')),
  refused('RFC 9112 §4', 'no status', line('HTTP/1.1')),
  refused('RFC 9112 §4', 'a status of two digits', line('HTTP/1.1 20 OK')),
  refused('RFC 9112 §4', 'a status of four digits', line('HTTP/1.1 2000 OK')),
  refused('RFC 9112 §4', 'a status with a sign', line('HTTP/1.1 +200 OK')),
  refused('RFC 9112 §4', 'a negative status', line('HTTP/1.1 -200 OK')),
  refused('RFC 9112 §4', 'a status in letters', line('HTTP/1.1 abc OK')),
  refused('RFC 9110 §15', 'a status below 100', line('HTTP/1.1 099 OK')),
  refused('RFC 9110 §15', 'a status of zero', line('HTTP/1.1 000 OK')),
  refused('RFC 9112 §4', 'two spaces before the status', line('HTTP/1.1  200 OK')),
  refused('RFC 9112 §2.2', 'a bare CR in the reason', line('HTTP/1.1 200 O\rK')),
  refused('RFC 9112 §5', 'no colon', ok([...sized, 'X-Field'], 'body')),
  refused('RFC 9112 §5', 'no name', ok([...sized, ': 1'], 'body')),
  refused('RFC 9112 §5.1', 'white space before the colon', ok([...sized, 'X-Field : 1'], 'body')),
  refused('RFC 9110 §5.1', 'a space in a name', ok([...sized, 'X Field: 1'], 'body')),
  refused('RFC 9110 §5.1', 'a NUL in a name', ok([...sized, 'X-\0Field: 1'], 'body')),
  refused('RFC 9110 §5.1', 'a name beyond ASCII', ok([...sized, 'X-F\xc3\xa9: 1'], 'body')),
  refused('RFC 9112 §2.2', 'a line that starts with white space after the status line', ok([' X-Field: 1', ...sized], 'body')),
  refused('RFC 9112 §5.2', 'a folded line', ok([...sized, 'X-Field: 1', ' 2'], 'body')),
  refused('RFC 9110 §5.5', 'a NUL in a value', ok([...sized, 'X-Field: a\0b'], 'body')),
  refused('RFC 9110 §5.5', 'a control character in a value', ok([...sized, 'X-Field: a\x01b'], 'body')),
  refused('RFC 9112 §2.2', 'a bare CR in a value', ok([...sized, 'X-Field: a\rX-Injected: 1'], 'body')),
  refused('RFC 6585 §5', 'a field of 200,000 bytes', ok([...sized, `X-Field: ${'a'.repeat(200_000)}`], 'body')),
  refused('RFC 6585 §5', '40,000 fields', ok([...sized, ...Array.from({ length: 40_000 }, () => 'a: b')], 'body')),
  refused('RFC 6585 §5', 'a head that never ends', `HTTP/1.1 200 OK\r\n${'X-Field: a\r\n'.repeat(20_000)}`),
  refused('RFC 9110 §15.2', 'interim responses without end', answer('HTTP/1.1 103 Early Hints', ['Link: </a>']).repeat(40_000)),
  refused(
    'RFC 9110 §15.2.2',
    'a switch of protocols that nobody asked for',
    answer('HTTP/1.1 101 Switching Protocols', ['Connection: Upgrade', 'Upgrade: websocket']),
  ),
  unanswered('RFC 9112 §8', 'nothing', ''),
  unanswered('RFC 9112 §8', 'nothing, by a reset', '', { end: 'resets' }),
  unanswered('RFC 9112 §8', 'an empty line', '\r\n'),
  unanswered('RFC 9112 §8', 'half a status line', 'HTTP/1.1 20'),
  unanswered('RFC 9112 §8', 'half a head', 'HTTP/1.1 200 OK\r\nContent-Le'),
  unanswered('RFC 9112 §8', 'half a head, by a reset', 'HTTP/1.1 200 OK\r\nContent-Le', { end: 'resets' }),
  unanswered('RFC 9110 §15.2', 'an interim response and nothing after it', answer('HTTP/1.1 103 Early Hints', [])),
  passed('RFC 9112 §4', 'no reason', line('HTTP/1.1 200 ')),
  passed('RFC 9112 §4', 'no reason and no space before it', line('HTTP/1.1 200')),
  passed('RFC 9112 §4', 'a reason beyond ASCII', line('HTTP/1.1 200 \xc3\xa9')),
  passed('RFC 9110 §15', 'a status that nobody knows', line('HTTP/1.1 299 Strange'), { status: 299 }),
  passed('RFC 9110 §15', 'the highest status', line('HTTP/1.1 999 Strange'), { status: 999 }),
  passed('RFC 9112 §2.3', 'HTTP/1.0', line('HTTP/1.0 200 OK'), {}, closes),
  passed('RFC 9110 §5.5', 'bytes beyond ASCII in a value', ok([...sized, 'X-Field: \xc3\xa9\xff'], 'body'), {
    fields: { 'x-field': '\xc3\xa9\xff' },
  }),
  passed('RFC 9110 §5.3', 'cookies, which stay apart', ok([...sized, 'Set-Cookie: a=1', 'Set-Cookie: b=2'], 'body'), {
    fields: { 'set-cookie': 'a=1, b=2' },
  }),
  passed('RFC 9110 §7.6.1', 'fields that Connection names', ok([...sized, 'Connection: X-One, x-two', 'X-One: 1', 'X-Two: 2'], 'body'), {
    fields: { 'x-one': null, 'x-two': null },
  }),
  passed('RFC 9110 §7.6.1', 'Connection names what frames the body', ok([...sized, 'Connection: Content-Length'], 'body'), {
    fields: { 'content-length': '4' },
  }),
  passed(
    'RFC 9110 §7.6.1',
    'fields for one hop',
    ok([...sized, 'Keep-Alive: timeout=99999', 'Proxy-Connection: close', 'Upgrade: h2c'], 'body'),
    {
      fields: { 'proxy-connection': null, upgrade: null },
    },
  ),
  passed('RFC 9110 §15.2', '500 interim responses', answer('HTTP/1.1 102 Processing', []).repeat(500) + ok(sized, 'body'), {
    interim: 500,
  }),
  passed(
    'RFC 9110 §8.6',
    'an interim response with a length',
    answer('HTTP/1.1 103 Early Hints', ['Content-Length: 40']) + ok(sized, 'body'),
    { interim: 1 },
  ),
]
