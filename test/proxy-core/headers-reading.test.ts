import { expect, test } from 'vitest'
import { fieldList, fieldValue, fieldValues, framingFault, isOwnLoop, mediaType } from '../../proxy-core/headers.ts'

test('fields are read in every form that undici has', () => {
  expect(fieldList([Buffer.from('X-A'), Buffer.from([0xe9]), 'x-b', '2'])).toEqual(['X-A', 'é', 'x-b', '2'])
  expect(fieldList({ ':status': '200', 'x-a': '1', 'set-cookie': ['a', 'b'], gone: undefined })).toEqual([
    'x-a',
    '1',
    'set-cookie',
    'a',
    'set-cookie',
    'b',
  ])
  expect(fieldList(null)).toEqual([])
  expect(fieldList(undefined)).toEqual([])
})

test('a field is found by its name in any case', () => {
  const list = ['X-A', '1', 'x-a', '2', 'X-B', '']
  expect([fieldValue(list, 'x-A'), fieldValue(list, 'X-B'), fieldValue(list, '1')]).toEqual(['1', '', undefined])
  expect(fieldValues(list, 'X-a')).toEqual(['1', '2'])
})

test.each([
  ['text/event-stream', 'text/event-stream'],
  ['Text/Event-Stream; charset=UTF-8', 'text/event-stream'],
  [' text/event-stream ;', 'text/event-stream'],
  ['', ''],
])('the media type of %j', (value, expected) => {
  expect(mediaType(value)).toBe(expected)
})

test.each([
  ['1.1 sluice-1', true],
  ['1.0 fred, 1.1 sluice-1', true],
  ['1.1 sluice-1 (Sluice, the gateway)', true],
  ['HTTP/2.0\tsluice-1', true],
  ['1.1 sluice-12', false],
  ['1.1 other (1.1 sluice-1)', false],
  ['1.1 other (a \\) , 1.1 sluice-1)', false],
  ['sluice-1', false],
  ['', false],
  ['((((', false],
])('the Via %j is a loop: %s', (value, expected) => {
  expect(isOwnLoop(['Via', value], 'sluice-1')).toBe(expected)
})

test('a loop is seen on any line, and a long Via costs little', () => {
  expect(isOwnLoop(['via', '1.1 a', 'VIA', '1.1 sluice-1'], 'sluice-1')).toBe(true)
  const started = performance.now()
  isOwnLoop(['via', '('.repeat(200_000)], 'sluice-1')
  isOwnLoop(['via', '1.1 (a) '.repeat(50_000)], 'sluice-1')
  isOwnLoop(['via', ' \t'.repeat(200_000)], 'sluice-1')
  expect(performance.now() - started).toBeLessThan(1000)
})

test.each<[string[], string, boolean]>([
  [[], '1.1', true],
  [['Transfer-Encoding', 'chunked'], '1.1', true],
  [['transfer-encoding', ' Chunked '], '1.1', true],
  [['Transfer-Encoding', 'foo'], '1.1', false],
  [['Transfer-Encoding', 'gzip, chunked'], '1.1', false],
  [['Transfer-Encoding', 'chunked, chunked'], '1.1', false],
  [['Transfer-Encoding', 'chunked', 'Transfer-Encoding', 'chunked'], '1.1', false],
  [['Transfer-Encoding', 'chunked;x=y'], '1.1', false],
  [['Transfer-Encoding', '\x0bchunked'], '1.1', false],
  [['Transfer-Encoding', ''], '1.1', false],
  [['Transfer-Encoding', 'chunked'], '1.0', false],
  [['Content-Length', '5'], '1.1', true],
  [['Content-Length', '5', 'content-length', '5'], '1.1', true],
  [['Content-Length', '5, 05'], '1.1', true],
  [['Content-Length', '5', 'Content-Length', '6'], '1.1', false],
  [['Content-Length', '5,6'], '1.1', false],
  [['Content-Length', '+5'], '1.1', false],
  [['Content-Length', '-1'], '1.1', false],
  [['Content-Length', '0x5'], '1.1', false],
  [['Content-Length', '5 5'], '1.1', false],
  [['Content-Length', ''], '1.1', false],
  [['Content-Length', '99999999999999999999'], '1.1', false],
])('the framing %j in HTTP/%s is sound: %s', (raw, version, sound) => {
  expect(framingFault(raw, version) === null).toBe(sound)
})
