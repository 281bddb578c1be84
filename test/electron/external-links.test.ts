import { expect, test } from 'vitest'
import { isAllowedLink } from '../../electron/external-links.ts'

test.each(['https://html.spec.whatwg.org/multipage/server-sent-events.html', 'https://nginx.org/en/docs/'])(
  '%s may be opened in the browser',
  (link) => {
    expect(isAllowedLink(link)).toBe(true)
  },
)

test.each([
  'http://nginx.org/',
  'https://nginx.org.example.com/',
  'https://nginx.org@example.com/',
  'https://nginx.org:8443/',
  'https://example.com/#https://nginx.org/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'smb://nginx.org/share',
  'not a link',
])('%s is never opened', (link) => {
  expect(isAllowedLink(link)).toBe(false)
})
