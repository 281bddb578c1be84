import { answered, get, hidden, passed, post, refused, type RequestCase } from './request-case.ts'

const bare = (lines: readonly string[]): string => ['GET /case HTTP/1.1', ...lines, '', ''].join('\r\n')
const many = (count: number, line: string): string[] => Array.from({ length: count }, () => line)

/** Fields that are malformed, that lie, or that are too many. */
export const requestFields: readonly RequestCase[] = [
  refused(400, 'RFC 9112 §5.1', 'white space before the colon', get(['X-Field : 1'])),
  refused(400, 'RFC 9112 §5.1', 'a tab before the colon', get(['X-Field\t: 1'])),
  refused(400, 'RFC 9112 §5', 'no name', get([': 1'])),
  refused(400, 'RFC 9112 §5', 'no colon', get(['X-Field'])),
  refused(400, 'RFC 9112 §5', 'a request line among the fields', get(['GET /smuggled HTTP/1.1'])),
  refused(400, 'RFC 9110 §5.1', 'a space in a name', get(['X Field: 1'])),
  refused(400, 'RFC 9110 §5.1', 'brackets in a name', get(['X(Field): 1'])),
  refused(400, 'RFC 9110 §5.1', 'quotes around a name', get(['"X-Field": 1'])),
  refused(400, 'RFC 9110 §5.1', 'a name beyond ASCII', get(['X-F\xc3\xa9: 1'])),
  refused(400, 'RFC 9110 §5.1', 'a NUL in a name', get(['X-\0Field: 1'])),
  refused(400, 'RFC 9112 §5.2', 'a folded line', get(['X-Field: 1', ' 2'])),
  refused(400, 'RFC 9112 §5.2', 'a line folded with a tab', get(['X-Field: 1', '\t2'])),
  refused(400, 'RFC 9112 §5.2', 'a folded Host', bare(['Host: localhost', ' .evil.example'])),
  refused(400, 'RFC 9110 §5.5', 'a NUL in a value', get(['X-Field: a\0b'])),
  refused(400, 'RFC 9110 §5.5', 'a control character in a value', get(['X-Field: a\x01b'])),
  refused(400, 'RFC 9110 §5.5', 'a DEL in a value', get(['X-Field: a\x7fb'])),
  refused(400, 'RFC 9112 §2.2', 'a bare CR in a value', get(['X-Field: a\rX-Injected: 1'])),
  refused(400, 'RFC 9112 §2.2', 'a bare LF in a value', get(['X-Field: a\nX-Injected: 1'])),
  refused(400, 'RFC 9112 §2.2', 'a bare LF at the end of the head', `GET /case HTTP/1.1\r\nHost: localhost\r\n\n`),
  refused(400, 'RFC 9112 §2.2', 'a bare CR at the end of the head', `GET /case HTTP/1.1\r\nHost: localhost\r\n\rX`),
  refused(400, 'RFC 9112 §3.2', 'no Host', bare([])),
  refused(400, 'RFC 9112 §3.2', 'two Hosts', bare(['Host: localhost', 'Host: evil.example'])),
  refused(400, 'RFC 9112 §3.2', 'the same Host twice', bare(['Host: localhost', 'host: localhost'])),
  refused(400, 'RFC 9112 §3.2', 'a list of Hosts', bare(['Host: localhost, evil.example'])),
  refused(400, 'RFC 9112 §3.2', 'a Host with a user name', bare(['Host: localhost@evil.example'])),
  refused(400, 'RFC 9112 §3.2', 'a Host with a path', bare(['Host: localhost/case'])),
  refused(400, 'RFC 9112 §3.2', 'a Host with a space', bare(['Host: local host'])),
  refused(400, 'RFC 9112 §3.2', 'a Host with a port that is no number', bare(['Host: localhost:http'])),
  refused(
    400,
    'RFC 9112 §3.2',
    'two Hosts behind 2,000 other fields',
    bare(['Host: localhost', ...many(2500, 'a: b'), 'Host: evil.example']),
  ),
  refused(431, 'RFC 6585 §5', 'one field of 40,000 bytes', get([`X-Field: ${'a'.repeat(40_000)}`])),
  refused(431, 'RFC 6585 §5', 'one field of 400,000 bytes', get([`X-Field: ${'a'.repeat(400_000)}`])),
  refused(431, 'RFC 6585 §5', 'a name of 40,000 bytes', get([`${'X'.repeat(40_000)}: a`])),
  refused(431, 'RFC 6585 §5', '20,000 fields', get(many(20_000, 'a: b'))),
  answered([400, 421], 'RFC 9112 §3.2', 'an empty Host', bare(['Host:'])),
  answered(421, 'RFC 9110 §15.5.20', 'a foreign Host', bare(['Host: evil.example'])),
  answered(421, 'RFC 9110 §15.5.20', 'a loopback address in another spelling', bare(['Host: 2130706433'])),
  answered(421, 'RFC 9110 §15.5.20', 'a foreign Host that ends as ours', bare(['Host: localhost.evil.example'])),
  answered(403, 'WHATWG Fetch §3.2', 'a page of another site', get(['Origin: https://evil.example'])),
  passed('RFC 9112 §5.1', 'no white space after the colon, and much of it', bare(['Host:localhost', 'X-Field: \t 1 \t ']), {
    fields: { 'x-field': '1' },
  }),
  passed('RFC 9110 §5.5', 'bytes beyond ASCII in a value', get(['X-Field: \xc3\xa9\xff']), { fields: { 'x-field': '\xc3\xa9\xff' } }),
  passed('RFC 9110 §5.1', 'every character that a name may have', get(["!#$%&'*+-.^_`|~09azAZ: 1"]), {
    fields: { "!#$%&'*+-.^_`|~09azaz": '1' },
  }),
  passed('RFC 9110 §5.3', 'fields that repeat', get(['X-Field: 1', 'x-field: 2']), { fields: { 'x-field': '1, 2' } }),
  passed(
    'RFC 9110 §7.6.1',
    'fields that Connection names',
    get(['Connection: X-One, x-two ,X-Three', 'X-One: 1', 'X-Two: 2', 'X-Three: 3']),
    {
      fields: { 'x-one': null, 'x-two': null, 'x-three': null },
    },
  ),
  passed(
    'RFC 9110 §7.6.1',
    'Connection names Host and what frames the body',
    post(['Connection: Host, Content-Length', 'Content-Length: 4'], 'body'),
    {
      method: 'POST',
      body: 'body',
      fields: { host: 'localhost', 'content-length': '4' },
    },
  ),
  passed(
    'RFC 9110 §7.6.1',
    'Connection names Transfer-Encoding',
    post(['Connection: Transfer-Encoding', 'Transfer-Encoding: chunked'], '4\r\nbody\r\n0\r\n\r\n'),
    {
      method: 'POST',
      body: 'body',
    },
  ),
  passed(
    'RFC 3875 §4.1.18',
    'names that CGI takes for those that frame a body',
    post(['Content-Length: 4', 'Content_Length: 0', 'Transfer_Encoding: chunked'], 'body'),
    {
      method: 'POST',
      body: 'body',
      fields: { content_length: null, transfer_encoding: null },
    },
  ),
  passed(
    'RFC 3875 §4.1.18',
    'names that CGI takes for those that the gateway sets',
    get(['X_Forwarded_For: 9.9.9.9', 'X_Real-IP: 9.9.9.9', 'X-Forwarded_Proto: https']),
    {
      fields: { x_forwarded_for: null, 'x_real-ip': null, 'x-forwarded_proto': null },
    },
  ),
  passed('RFC 9110 §7.6.1', '2,500 fields, and Connection after them', get([...many(2500, 'a: b'), 'X-One: 1', 'Connection: X-One']), {
    fields: { 'x-one': null },
  }),
  passed('RFC 9110 §5.5', 'a request in a value', get([`X-Field: ${hidden.replaceAll('\r\n', ' ')}`])),
]
