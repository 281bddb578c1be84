// QUALITY S1: what is kept of a filter has no secret in it, and finds the targets as they are shown.
import { expect, test } from 'vitest'
import { keptFilterText } from '../../renderer/exchanges/kept-filter.ts'

test.each([
  ['path:/v1?api_key=abcdefgh12345678 status:200', 'path:/v1?api_key=[redacted]5678 status:200'],
  ['-path:"/v1?a=1&token=abcdefgh12345678" is:open', '-path:"/v1?a=1&token=[redacted]5678" is:open'],
  ['/v1?key=short', '/v1?key=[redacted]'],
  ['http://ada:secret-word@host/x  POST', 'http://ada:[redacted]@host/x  POST'],
  ['path:/key=(a|b)/ held:>500ms', 'path:/key=(a|b)/ held:>500ms'],
  ['  route:main -is:open "two words" ', '  route:main -is:open "two words" '],
  ['', ''],
])('%s is kept as %s', (text, kept) => {
  expect(keptFilterText(text)).toBe(kept)
  expect(keptFilterText(kept)).toBe(kept)
})
