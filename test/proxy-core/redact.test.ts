import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainFields, redactField, redactFields, redactList, redactTarget } from '../../proxy-core/contract/redact.ts'

const secret = 'sk-0123456789abcdef'
const shown = '[redacted]cdef'

test.each([
  ['Authorization', `Bearer ${secret}`, `Bearer ${shown}`],
  ['authorization', `bearer  ${secret}`, `bearer ${shown}`],
  ['Authorization', 'Basic dXNlcjpwYXNzd29yZDE=', 'Basic [redacted]'],
  ['Authorization', 'Digest username="a", response="0123456789abcdef"', 'Digest [redacted]def"'],
  ['Authorization', secret, shown],
  ['Authorization', 'short', '[redacted]'],
  ['Authorization', 'Bearer short', 'Bearer [redacted]'],
  ['Authorization', '', ''],
  ['Proxy-Authorization', 'Basic eA==', 'Basic [redacted]'],
  ['Cookie', `session=${secret}; theme=dark; a=b=c;flag`, `session=${shown}; theme=[redacted]; a=[redacted];[redacted]`],
  ['Set-Cookie', `session=${secret}; Path=/; HttpOnly`, `session=${shown}; Path=/; HttpOnly`],
  ['Set-Cookie', 'gone=; Max-Age=0', 'gone=; Max-Age=0'],
  ['X-API-Key', secret, shown],
  ['api-key', secret, shown],
  ['api_key', secret, shown],
  ['X_API_Key', secret, shown],
  ['Authentication', `Bearer ${secret}`, `Bearer ${shown}`],
  ['x-goog-api-key', secret, shown],
  ['Ocp-Apim-Subscription-Key', secret, shown],
  ['Sluice-Token', secret, shown],
  ['X-Amz-Security-Token', secret, shown],
  ['X-CSRF-Token', secret, shown],
  ['CF-Access-Client-Secret', secret, shown],
  ['X-Hub-Signature', secret, shown],
  ['Sec-WebSocket-Protocol', `realtime, openai-insecure-api-key.${secret}, v1`, `realtime, openai-insecure-api-key.${shown}, v1`],
  ['Location', `https://u:pw@a.test/x?token=${secret}#a`, `https://u:[redacted]@a.test/x?token=${shown}#a`],
  ['Referer', `https://a.test/?key=${secret}`, `https://a.test/?key=${shown}`],
])('%s: %s is shown as %s', (name, value, expected) => {
  expect(redactField(name, value)).toBe(expected)
})

test.each([
  ['Content-Type', 'text/event-stream'],
  ['Idempotency-Key', 'f1e2d3c4b5a69788'],
  ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ['X-RateLimit-Remaining-Tokens', '149984'],
  ['Sec-WebSocket-Protocol', 'graphql-ws'],
  ['Location', '/next?max_tokens=5&page=2'],
  ['WWW-Authenticate', 'Bearer realm="x"'],
  ['X-Request-Id', 'req_0123456789abcdef'],
])('%s: %s is no secret', (name, value) => {
  expect(redactField(name, value)).toBe(value)
})

test.each([
  ['/v1?key=short', '/v1?key=[redacted]'],
  [`/v1?alt=sse&key=${secret}&x=1`, `/v1?alt=sse&key=${shown}&x=1`],
  [`/?api_key=${secret}`, `/?api_key=${shown}`],
  [`/?apiKey=${secret}`, `/?apiKey=${shown}`],
  [`/?API%5FKEY=${secret}`, `/?API%5FKEY=${shown}`],
  [`/?%6bey=${secret}`, `/?%6bey=${shown}`],
  [`/?access_token=${secret}`, `/?access_token=${shown}`],
  [`/?token=${secret}`, `/?token=${shown}`],
  [`/?sig=${secret}&signature=${secret}`, `/?sig=${shown}&signature=${shown}`],
  [`/?password=a&client_secret=${secret}`, `/?password=[redacted]&client_secret=${shown}`],
  [`/?X-Amz-Signature=${secret}&X-Amz-Credential=${secret}`, `/?X-Amz-Signature=${shown}&X-Amz-Credential=${shown}`],
  [`/?key=${secret}?more=${secret}`, `/?key=${shown}`],
  [`/?a[token]=${secret}`, `/?a[token]=${shown}`],
  [`/a;b?x;key=${secret}`, `/a;b?x;key=${shown}`],
  [`https://a.test/#access_token=${secret}`, `https://a.test/#access_token=${shown}`],
  [`http://user:${secret}@a.test/x`, 'http://user:[redacted]@a.test/x'],
  [`http://${secret}@a.test`, `http://[redacted]@a.test`],
  ['//a.test/user:x@y', '//a.test/user:x@y'],
  ['/v1?max_tokens=100&page_token=abcdef&stream=true', '/v1?max_tokens=100&page_token=abcdef&stream=true'],
  ['/v1?monkey=1&keyboard=2&keys=3', '/v1?monkey=1&keyboard=2&keys=3'],
  ['/v1?key', '/v1?key'],
  ['/v1?key=', '/v1?key='],
  ['/v1?%zz=1&%ff=2', '/v1?%zz=1&%ff=2'],
  ['*', '*'],
  ['', ''],
])('the target %s is shown as %s', (target, expected) => {
  expect(redactTarget(target)).toBe(expected)
})

test('fields come in pairs, redacted or as they are', () => {
  const list = ['Host', 'a.test', 'Authorization', `Bearer ${secret}`, 'Host', 'b.test']
  expect(redactFields(list)).toEqual([
    ['Host', 'a.test'],
    ['Authorization', `Bearer ${shown}`],
    ['Host', 'b.test'],
  ])
  expect(plainFields(redactList(list))).toEqual(redactFields(list))
  expect(redactList(list.slice(0, 2))).toEqual(list.slice(0, 2))
  expect(plainFields(list)[1]).toEqual(['Authorization', `Bearer ${secret}`])
})

test('no more than four characters of a secret are ever shown, and of a short one none', () => {
  const places: ((value: string) => string)[] = [
    (value) => redactField('Authorization', `Bearer ${value}`),
    (value) => redactField('Cookie', `a=1; sid=${value}; b=2`),
    (value) => redactField('Set-Cookie', `sid=${value}; Path=/`),
    (value) => redactField('x-api-key', value),
    (value) => redactTarget(`/p?a=1&api_key=${value}&b=2`),
    (value) => redactTarget(`http://u:${value}@h.test/p?q=1`),
  ]
  // Digits, so that no part of a secret is a part of what stands around it.
  const digits = fc.stringMatching(/^[3-9]{5,40}$/)
  fc.assert(
    fc.property(digits, fc.constantFrom(...places), (value, place) => {
      const visible = place(value).match(/[3-9]+/g) ?? []
      expect(visible.length).toBeLessThanOrEqual(1)
      expect((visible[0] ?? '').length).toBeLessThanOrEqual(value.length < 12 ? 0 : 4)
    }),
  )
})

test('the length of a secret does not show', () => {
  expect(redactField('x-api-key', `${'a'.repeat(100)}cdef`)).toBe(redactField('x-api-key', `${'b'.repeat(10)}cdef`))
})

test('long hostile values cost little', () => {
  const started = performance.now()
  for (const unit of ['&', '&key=', '?', ';', '=', '%', '//:@', ' ', ',', 'a', '-key', 'Bearer ']) {
    const value = unit.repeat(100_000)
    redactTarget(`/?${value}`)
    redactTarget(value)
    for (const name of ['Authorization', 'Cookie', 'Set-Cookie', 'Sec-WebSocket-Protocol', value]) redactField(name, value)
  }
  expect(performance.now() - started).toBeLessThan(5000)
})
