// The command over a live stream: texts come as they grow, and the two clocks are apart while the gate is shut.
import { afterEach, expect, test } from 'vitest'
import type { Assembled } from '../../proxy-core/contract/assembled.ts'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { fetchWhole } from '../support/client.ts'
import { routeTo, startGateway, type TestGateway } from '../support/gateway.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import type { UpstreamExchange } from '../support/upstream-exchange.ts'
import { AssembledReader } from './support/assembled-reader.ts'

let upstream: Upstream | undefined
let gateway: TestGateway | undefined

afterEach(async () => {
  await gateway?.close()
  await upstream?.close()
})

const token = (content: string) =>
  `data: ${JSON.stringify({ object: 'chat.completion.chunk', model: 'gauge', choices: [{ index: 0, delta: { content } }] })}\n\n`

async function openStream() {
  let give: (exchange: UpstreamExchange) => void = () => {}
  const opened = new Promise<UpstreamExchange>((resolve) => (give = resolve))
  upstream = await startUpstream(async (exchange) => {
    await exchange.eventStream()
    give(exchange)
  })
  const started = await startGateway({ routes: [routeTo(upstream.url, { buffering: { response: 'on', holdBytes: null } })] })
  gateway = started
  const feed = await started.feed()
  const answer = fetchWhole(`${started.url}/v1/chat/completions`)
  const exchange = await opened
  const { id } = await feed.exchange((each) => each.respondedAt !== null)
  const reader = new AssembledReader()
  const ask = async (until: (assembled: Assembled) => boolean) => {
    for (;;) {
      const assembled = await started.command('exchange.assembled', { id, from: reader.from })
      reader.take(assembled)
      if (until(assembled)) return assembled
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  return { gateway: started, exchange, id, reader, ask, answer }
}

test('a stream that is held is read as it arrives, and its client clock begins with the release', async () => {
  const { gateway, exchange, id, reader, ask, answer } = await openStream()
  await exchange.chunk(token('one'))
  const first = await ask((assembled) => assembled.readRows === 1)
  expect(first).toMatchObject({ shape: 'openai-chat', model: 'gauge', upstream: { rows: 1 }, client: { rows: 0, first: null } })
  await exchange.chunk(token(' two'))
  const second = await ask((assembled) => assembled.readRows === 2)
  expect(second.texts).toEqual([{ text: 0, offset: 3, tail: ' two' }])
  expect(second.client.rows).toBe(0)
  const glance = await gateway.command('exchange.assembled', { id, effort: 'glance' })
  expect(glance).toMatchObject({ readRows: 2, texts: [] })

  await gateway.command('exchange.release', { id })
  const released = await ask((assembled) => assembled.client.rows === 2)
  expect(released.client.first?.at).toBeGreaterThan(released.upstream.last?.at ?? Number.POSITIVE_INFINITY)
  expect(released.upstream.tokensPerSecond).toBeNull()
  expect(released.upstream.rowsPerSecond).toBeGreaterThan(0)

  await exchange.chunk(
    `data: ${JSON.stringify({ choices: [], object: 'chat.completion.chunk', usage: { prompt_tokens: 1, completion_tokens: 2 } })}\n\n`,
  )
  exchange.end()
  await answer
  const last = await ask((assembled) => assembled.usage !== null)
  expect(last.upstream.tokensPerSecond).toBeCloseTo(last.upstream.rowsPerSecond ?? 0, 6)
  expect(reader.said().outputs).toMatchObject([{ text: 'one two' }])
})

test('what is asked for again with nothing in hand comes whole, and another path is another assembly', async () => {
  const { gateway, exchange, id, ask, answer } = await openStream()
  await exchange.chunk('data: {"a":{"b":"x"}}\n\ndata: {"a":{"b":"y"}}\n\n')
  exchange.end()
  await answer
  const unknown = await ask((assembled) => assembled.readRows === 2)
  expect(unknown).toMatchObject({ shape: null, suggestions: [{ path: '$.a.b', sample: 'xy' }] })
  const along = await gateway.command('exchange.assembled', { id, path: '$.a.b' })
  expect(along).toMatchObject({ shape: 'path', texts: [{ offset: 0, tail: 'xy' }] })
  expect(along.assembly).not.toBe(unknown.assembly)
})

test('a path that cannot be read is refused with the place, and an exchange that is not kept is not found', async () => {
  const { gateway, exchange, id, answer } = await openStream()
  exchange.end()
  await answer
  await expect(gateway.command('exchange.assembled', { id, path: '$.a[' })).rejects.toMatchObject({
    code: 'invalid-input',
    message: expect.stringContaining('character 4') as string,
  })
  await expect(gateway.command('exchange.assembled', { id: (id + 99) as ExchangeId })).rejects.toMatchObject({ code: 'exchange-not-found' })
})
