// Fetch §3.3: without permission a page learns nothing of an answer; a listed one also learns why the gateway refused its request.
import { expect, onTestFinished, test } from 'vitest'
import { fetchWhole } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

const listed = 'https://app.example.com'

test('a refusal can be read by pages of a listed origin, and by no others', async () => {
  const upstream = await startUpstream((exchange) => exchange.answer('reached'))
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({
    listen: ['0.0.0.0:0'],
    remote: { allow: true, token: 'abcdefghijklmnopqrstuv' },
    routes: [routeTo(upstream.url, { cors: { origins: [listed], credentials: true } })],
  })
  onTestFinished(() => gateway.close())
  const ask = async (origin: string) => {
    const url = gateway.url.replace('0.0.0.0', '127.0.0.1')
    const response = await fetchWhole(url, { fields: { Origin: origin } })
    const permission = ['access-control-allow-origin', 'access-control-allow-credentials', 'vary'].map((name) => response.header(name))
    return [response.status, ...permission]
  }
  expect(await ask(listed)).toEqual([401, listed, 'true', 'Origin'])
  expect(await ask('https://evil.example')).toEqual([403, null, null, 'Origin'])
  expect(upstream.exchanges).toHaveLength(0)
})

test.for(['https://*.example.com', '*', 'null', 'https://user@example.com', 'https://app.example.com?x', 'https://app.example.com/'])(
  '%s is no origin that a route could list',
  async (origin) => {
    await expect(startGateway({ routes: [routeTo('http://127.0.0.1:1', { cors: { origins: [origin] } })] })).rejects.toThrow(
      'Write an origin',
    )
  },
)
