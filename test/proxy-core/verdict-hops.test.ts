// DESIGN §6: the verdict on streams that come through real gateways, set up as people set them up.
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test, type TestContext } from 'vitest'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { fetchWhole, request } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startHop, type HopName, type HopOptions } from '../support/hops.ts'
import { startUpstream } from '../support/upstream.ts'

/** What the upstream behind the hop sends, and how. */
interface Source {
  readonly events: number
  readonly everyMs: number
  readonly bytes: number
  /** HTTP/1.0 has no chunks: the body ends with the connection. */
  readonly isCloseDelimited?: boolean
  /** The length of the body is announced, though it comes bit by bit. */
  readonly hasLength?: boolean
  readonly contentType?: string
}

const tokens: Source = { events: 30, everyMs: 50, bytes: 100 }

/** A gateway before a hop before an upstream that answers as it is told. */
async function startBehind(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  name: HopName,
  options: Omit<HopOptions, 'upstreamPort'>,
  answer: Parameters<typeof startUpstream>[0],
) {
  const upstream = await startUpstream(answer)
  onTestFinished(() => upstream.close())
  const hop = await startHop(name, { ...options, upstreamPort: upstream.port })
  onTestFinished(() => hop.close())
  const gateway = await startGateway({ routes: [routeTo(hop.url)] })
  onTestFinished(() => gateway.close())
  return { gateway, feed: await gateway.feed() }
}

/** Sends a stream through a hop and the gateway; the exchange as it ended. */
async function through(context: TestContext, name: HopName, options: Omit<HopOptions, 'upstreamPort'>, source: Source): Promise<Exchange> {
  const { events, everyMs, bytes, isCloseDelimited = false, hasLength = false, contentType = 'text/event-stream' } = source
  const { gateway, feed } = await startBehind(context, name, options, async (exchange) => {
    const isPlain = isCloseDelimited || hasLength
    const fields = { 'Content-Type': contentType, ...(hasLength ? { 'Content-Length': String(events * bytes) } : {}) }
    await (isPlain ? exchange.head({ fields }) : exchange.chunked({ fields }))
    const startedAt = performance.now()
    for (let index = 0; index < events; index++) {
      await wait(Math.max(0, startedAt + (index + 1) * everyMs - performance.now()))
      const event = `id: ${index}\ndata: `.padEnd(bytes - 2, 'x') + '\n\n'
      await (isPlain ? exchange.write(event) : exchange.chunk(event))
    }
    exchange.end()
  })
  await fetchWhole(gateway.url, { fields: { 'Accept-Encoding': 'gzip' } })
  const exchange = await feed.exchange((each) => each.state === 'complete')
  expect([exchange.status, exchange.decodeError]).toEqual([200, null])
  if (exchange.rowKind === 'event') expect(exchange.events).toBe(events)
  return exchange
}

const gzip = 'gzip on; gzip_proxied any; gzip_types text/event-stream;'

// What a hop did to a stream shows in when its bytes come, which a machine that is busy with other things blurs.
const options = { retry: 2 } as const

describe.concurrent('nginx', options, () => {
  test('with buffering off passes the events as they come', async (context) => {
    const { verdict } = await through(context, 'nginx', { buffering: false }, tokens)
    expect(verdict).toMatchObject({ type: 'passes', causes: [] })
  })

  test('with buffering on passes the chunks of HTTP/1.1, too', async (context) => {
    const { verdict } = await through(context, 'nginx', { buffering: true }, tokens)
    expect(verdict).toMatchObject({ type: 'passes', causes: [] })
  })

  test('with buffering on keeps an HTTP/1.0 answer until it ends', async (context) => {
    const { verdict } = await through(context, 'nginx', { buffering: true }, { ...tokens, isCloseDelimited: true })
    expect(verdict).toMatchObject({
      type: 'bursty-upstream',
      bursts: 1,
      largestBurstRows: 30,
      causes: [{ type: 'burst-at-end', rows: 30 }],
    })
    if (verdict.type === 'bursty-upstream') expect(verdict.waitMs).toBeGreaterThan(1400)
  })

  test('with buffering on sends a longer HTTP/1.0 answer in blocks of 4 KiB', async (context) => {
    const source = { events: 120, everyMs: 20, bytes: 230, isCloseDelimited: true }
    const { verdict } = await through(context, 'nginx', { buffering: true }, source)
    expect(verdict).toMatchObject({ type: 'bursty-upstream', causes: [{ type: 'buffer-steps', stepBytes: 4096 }] })
    if (verdict.type !== 'bursty-upstream') return
    expect(verdict.bursts).toBeGreaterThanOrEqual(6)
    expect(verdict.meanApartMs).toBeGreaterThan(250)
  })

  test('that speaks HTTP/1.0 to the upstream and buffers keeps the answer until it ends', async (context) => {
    const { verdict } = await through(context, 'nginx', { buffering: true, nginxHttp: '1.0' }, { ...tokens, isCloseDelimited: true })
    expect(verdict).toMatchObject({ type: 'bursty-upstream', bursts: 1, causes: [{ type: 'burst-at-end', rows: 30 }] })
  })

  test('that sends no chunks ends the answer with the connection, as HTTP/1.0 does, and that is noticed', async (context) => {
    const location = 'chunked_transfer_encoding off;'
    const { verdict, framing } = await through(
      context,
      'nginx',
      { buffering: true, nginxHttp: '1.0', nginxLocation: location },
      {
        ...tokens,
        isCloseDelimited: true,
      },
    )
    expect(framing).toBe('close')
    expect(verdict).toMatchObject({
      type: 'bursty-upstream',
      bursts: 1,
      causes: [{ type: 'burst-at-end', rows: 30 }, { type: 'close-delimited' }],
    })
  })

  test.for([8, 16])('with blocks of %i KiB sends in those', async (size, context) => {
    const nginxLocation = `proxy_buffer_size ${size}k; proxy_buffers 8 ${size}k; proxy_busy_buffers_size ${2 * size}k;`
    const source = { events: 160, everyMs: 12, bytes: size * 39, isCloseDelimited: true }
    const { verdict } = await through(context, 'nginx', { buffering: true, nginxLocation }, source)
    expect(verdict).toMatchObject({ type: 'bursty-upstream', causes: [{ type: 'buffer-steps', stepBytes: size * 1024 }] })
  })

  test('with buffering on keeps an answer of announced length until it ends', async (context) => {
    const { verdict, framing } = await through(context, 'nginx', { buffering: true }, { ...tokens, hasLength: true })
    expect(framing).toBe('length')
    expect(verdict).toMatchObject({
      type: 'bursty-upstream',
      bursts: 1,
      causes: [
        { type: 'burst-at-end', rows: 30 },
        { type: 'content-length', bytes: 3000 },
      ],
    })
  })

  test('with buffering on and gzip keeps all until the end', async (context) => {
    const { verdict, contentEncoding } = await through(context, 'nginx', { buffering: true, nginxLocation: gzip }, tokens)
    expect(contentEncoding).toBe('gzip')
    expect(verdict).toMatchObject({
      type: 'bursty-upstream',
      bursts: 1,
      largestBurstRows: 30,
      causes: [{ type: 'burst-at-end' }, { type: 'compressed', coding: 'gzip' }],
    })
  })

  test('with buffering off and gzip flushes each event, which is seen in the compressed bytes', async (context) => {
    const { verdict, contentEncoding, rowKind } = await through(context, 'nginx', { buffering: false, nginxLocation: gzip }, tokens)
    expect([contentEncoding, rowKind]).toEqual(['gzip', 'event'])
    expect(verdict).toMatchObject({ type: 'passes', causes: [] })
  })
})

describe.concurrent('Caddy', options, () => {
  test('passes an event stream as it comes', async (context) => {
    const { verdict } = await through(context, 'caddy', { buffering: true }, tokens)
    expect(verdict).toMatchObject({ type: 'passes', causes: [] })
  })

  test('that buffers responses keeps all until the end', async (context) => {
    const { verdict } = await through(context, 'caddy', { buffering: true, caddyProxy: { buffer_responses: true } }, tokens)
    expect(verdict).toMatchObject({ type: 'bursty-upstream', bursts: 1, largestBurstRows: 30, causes: [{ type: 'burst-at-end' }] })
  })

  test('passes events that are called plain text, and the name is noticed', async (context) => {
    const { verdict } = await through(context, 'caddy', { buffering: true }, { ...tokens, contentType: 'text/plain' })
    expect(verdict).toMatchObject({ type: 'passes', causes: [{ type: 'content-type', contentType: 'text/plain' }] })
  })
})

describe.concurrent('HAProxy', options, () => {
  const fast: Source = { events: 100, everyMs: 15, bytes: 100 }

  test('collects events for 200 ms', async (context) => {
    const { verdict } = await through(context, 'haproxy', { noDelay: false }, fast)
    expect(verdict).toMatchObject({ type: 'bursty-upstream', causes: [{ type: 'send-delay', delayMs: 200 }] })
    if (verdict.type !== 'bursty-upstream') return
    expect(verdict.meanApartMs).toBeGreaterThan(160)
    expect(verdict.meanApartMs).toBeLessThan(260)
  })

  test('that ends a silence of 30 s is named as the timeout that it is', { timeout: 60_000 }, async ({ onTestFinished }) => {
    // The shortest of the common ones, in full; those of 60 and 300 s are told by a scripted clock.
    const { gateway, feed } = await startBehind({ onTestFinished }, 'haproxy', { silenceSeconds: 30 }, async (exchange) => {
      await exchange.eventStream()
      for (let index = 0; index < 10; index++) {
        await wait(50)
        await exchange.chunk(`id: ${String(index)}\ndata: x\n\n`)
      }
    })
    const response = await request(gateway.url)
    onTestFinished(() => response.client.close())
    await response.client.closed(50_000)
    const { verdict } = await feed.exchange(({ state }) => state === 'failed')
    expect(verdict).toMatchObject({ type: 'idle-gap', endedBy: 'upstream', causes: [{ type: 'idle-timeout', timeoutMs: 30_000 }] })
  })

  test('told to send without delay passes them as they come', async (context) => {
    const { verdict } = await through(context, 'haproxy', { noDelay: true }, tokens)
    expect(verdict).toMatchObject({ type: 'passes', causes: [] })
  })
})

describe.concurrent.for(['nginx', 'caddy', 'haproxy'] as const)('behind %s', (name) => {
  test('a client that takes less than comes is who is slow, and not the hop', async ({ onTestFinished }) => {
    const event = 'data: '.padEnd(9_998, 'x') + '\n\n'
    const { gateway, feed } = await startBehind({ onTestFinished }, name, {}, async (exchange) => {
      await exchange.eventStream()
      while (!exchange.isClosed) await exchange.chunk(event)
    })
    const response = await request(gateway.url)
    onTestFinished(() => response.client.close())
    response.client.pause()
    const { verdict } = await feed.exchange((one) => one.verdict.type === 'client-slow')
    expect(verdict).toMatchObject({ type: 'client-slow', causes: [] })
  })
})
