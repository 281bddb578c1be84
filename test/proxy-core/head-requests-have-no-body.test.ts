// RFC 9110 §9.3.2, §15.3.5, §15.4.5: answers to HEAD, and those with 204 or 304, have no body, whatever their fields say.
import { expect, onTestFinished, test } from 'vitest'
import { openClient } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

const heads = [
  ['HEAD with a length', 'HEAD', 200, { 'Content-Length': '12345', 'Content-Type': 'text/plain' }],
  ['HEAD in chunks', 'HEAD', 200, { 'Transfer-Encoding': 'chunked', 'Content-Type': 'text/event-stream' }],
  ['HEAD without a word about the body', 'HEAD', 200, {}],
  ['HEAD of something that is not there', 'HEAD', 404, { 'Content-Length': '9' }],
  ['204', 'GET', 204, {}],
  ['204 to a POST', 'POST', 204, {}],
  ['304 with the length of what did not change', 'GET', 304, { 'Content-Length': '777', ETag: '"a"' }],
  ['304 without a length', 'GET', 304, { ETag: 'W/"b"' }],
] as const

test.for(['off', 'on'] as const)(
  'with buffering %s, answers without a body come whole and leave the connection in order',
  async (response) => {
    const upstream = await startUpstream()
    onTestFinished(() => upstream.close())
    const gateway = await startGateway({ routes: [routeTo(upstream.url, { buffering: { response, holdBytes: null } })] })
    onTestFinished(() => gateway.close())
    const feed = await gateway.feed()
    const client = await openClient(gateway.url)

    for (const [what, method, status, fields] of heads) {
      const responding = client.request({ method })
      await (await upstream.next()).head({ status, fields })
      const head = await responding
      expect(head.status, what).toBe(status)
      expect(await head.readAll(), what).toHaveLength(0)
      expect(head.isDestroyedEarly, what).toBe(false)
      for (const [name, value] of Object.entries(fields)) {
        if (name !== 'Transfer-Encoding') expect(head.header(name), what).toBe(value)
      }
      if (status === 204) expect(head.header('content-length')).toBeNull()

      // Had a body or a stray chunk been sent, the next answer would not begin where it should.
      const next = client.request()
      await (await upstream.next()).answer(what)
      expect((await (await next).readAll()).toString()).toBe(what)
    }
    await feed.until(() => feed.exchanges.length === 2 * heads.length && feed.exchanges.every((one) => one.state === 'complete'))
    expect(feed.exchanges.filter((one) => one.framing === 'none')).toHaveLength(heads.length)
  },
)

test('a HEAD request is sent on as HEAD and finds the route of GET', async () => {
  const upstream = await startUpstream((exchange) => exchange.head({ fields: { 'Content-Length': '3' } }))
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url, { match: { path: '/only', methods: ['GET'] } })] })
  onTestFinished(() => gateway.close())
  const client = await openClient(gateway.url)
  expect((await client.request({ method: 'HEAD', target: '/only' })).status).toBe(200)
  expect(upstream.exchanges[0]?.method).toBe('HEAD')
  const refused = await client.request({ method: 'HEAD', target: '/other' })
  expect(refused.status).toBe(404)
  expect(refused.header('content-length')).not.toBe('0')
  expect(await refused.readAll()).toHaveLength(0)
})
