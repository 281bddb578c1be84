// A node that can't be reached costs a client nothing while another one can; a request of which anything was sent is never sent elsewhere.
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../support/child.ts'
import { openClient, type ClientRequest } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import type { UpstreamExchange } from '../support/upstream-exchange.ts'
import { startHttpUpstream, startUpstream } from '../support/upstream.ts'

async function startNode(handler: (exchange: UpstreamExchange) => void | Promise<void> = answerBody) {
  const upstream = await startUpstream(handler)
  onTestFinished(() => upstream.close())
  return upstream
}

async function answerBody(exchange: UpstreamExchange): Promise<void> {
  await exchange.answer(await exchange.body())
}

/** Asks a gateway whose route has these nodes, the first of which has the first turn. */
async function ask(urls: readonly string[], init: ClientRequest = {}, upstream: object = {}) {
  const nodes = urls.map((url) => ({ url }))
  const gateway = await startGateway({ routes: [routeTo('', { upstream: { nodes, ...upstream } })] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  const client = await openClient(gateway.url)
  const response = await client.request(init)
  const text = (await response.readAll()).toString()
  const record = await feed.exchange((one) => one.state !== 'open')
  return { gateway, feed, client, response, text, record }
}

const refusing = async (): Promise<string> => `http://127.0.0.1:${await freePort()}`

test('where the first node refuses the connection, the next one answers, and the record names it', async () => {
  const node = await startNode((exchange) => exchange.answer('second'))
  const { response, text, record } = await ask([await refusing(), node.url])
  expect([response.status, text]).toEqual([200, 'second'])
  expect(record).toMatchObject({ state: 'complete', upstream: node.url, error: null })
  expect(node.exchanges).toHaveLength(1)
})

test('a host name without an address is passed over too, and so is a node that does not speak TLS', async () => {
  const node = await startNode((exchange) => exchange.answer('third'))
  const plain = await startHttpUpstream((_, response) => response.end())
  onTestFinished(() => plain.close())
  const urls = ['http://no-such-host.invalid', plain.url.replace('http:', 'https:'), node.url]
  expect((await ask(urls)).text).toBe('third')
})

test.for([
  ['a length', { body: 'x'.repeat(200_000) }],
  ['chunks', { fields: { 'Transfer-Encoding': 'chunked' }, body: '5\r\nhello\r\n0\r\n\r\n' }],
  ['Expect', { fields: { Expect: '100-continue', 'Content-Length': '5' }, body: 'hello' }],
] as const)('a body with %s arrives whole at the node that takes over', async ([, init]) => {
  const node = await startNode()
  const { response, text } = await ask([await refusing(), node.url], { method: 'POST', ...init })
  expect(response.status).toBe(200)
  expect(text).toBe(init.body.startsWith('5\r\n') ? 'hello' : init.body)
})

test('each node is asked by its own base path and name', async () => {
  const node = await startNode((exchange) => exchange.answer(`${exchange.target} ${exchange.header('host') ?? ''}`))
  const { text } = await ask([`${await refusing()}/first`, `${node.url}/second`], { target: '/path?q' }, { hostHeader: 'upstream' })
  expect(text).toBe(`/second/path?q 127.0.0.1:${node.port}`)
})

test.for(['GET', 'POST'])('a %s that a node has taken and not answered goes to no other', async (method) => {
  const first = await startNode((exchange) => exchange.reset())
  const second = await startNode()
  const { response, text } = await ask([first.url, second.url], { method, ...(method === 'POST' ? { body: 'body' } : {}) })
  expect([response.status, (JSON.parse(text) as { error: { code: string } }).error.code]).toEqual([502, 'upstream-reset'])
  expect([first.exchanges.length, second.exchanges.length]).toEqual([1, 0])
})

test('a request that a node has taken and keeps waiting goes to no other', async () => {
  const first = await startNode(() => undefined)
  const second = await startNode()
  const { response, text } = await ask([first.url, second.url], { method: 'POST', body: 'body' }, { headTimeoutMs: 200 })
  expect([response.status, (JSON.parse(text) as { error: { code: string } }).error.code]).toEqual([504, 'upstream-timeout'])
  expect(second.exchanges).toEqual([])
})

test('where no node can be reached, the client is told so once', async () => {
  const { response, text, client, record } = await ask([await refusing(), await refusing(), await refusing()])
  expect(response.status).toBe(502)
  expect(JSON.parse(text)).toMatchObject({ error: { code: 'upstream-unreachable' } })
  expect(record).toMatchObject({ state: 'failed', status: 502 })
  expect((await client.request()).status).toBe(502)
})
