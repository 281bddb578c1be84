// DESIGN §6: the verdict on streams that come through real gateways, set up as people set them up.
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test, type TestContext } from 'vitest'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { fetchWhole } from '../support/client.ts'
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
  readonly contentType?: string
}

const tokens: Source = { events: 30, everyMs: 50, bytes: 100 }

/** Sends a stream through a hop and the gateway; the exchange as it ended. */
async function through(
  { onTestFinished }: TestContext,
  name: HopName,
  options: Omit<HopOptions, 'upstreamPort'>,
  source: Source,
): Promise<Exchange> {
  const { events, everyMs, bytes, isCloseDelimited = false, contentType = 'text/event-stream' } = source
  const upstream = await startUpstream(async (exchange) => {
    const fields = { 'Content-Type': contentType }
    await (isCloseDelimited ? exchange.head({ fields }) : exchange.chunked({ fields }))
    const startedAt = performance.now()
    for (let index = 0; index < events; index++) {
      await wait(Math.max(0, startedAt + (index + 1) * everyMs - performance.now()))
      const event = `id: ${index}\ndata: `.padEnd(bytes - 2, 'x') + '\n\n'
      await (isCloseDelimited ? exchange.write(event) : exchange.chunk(event))
    }
    exchange.end()
  })
  onTestFinished(() => upstream.close())
  const hop = await startHop(name, { ...options, upstreamPort: upstream.port })
  onTestFinished(() => hop.close())
  const gateway = await startGateway({ routes: [routeTo(hop.url)] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  await fetchWhole(gateway.url, { fields: { 'Accept-Encoding': 'gzip' } })
  const exchange = await feed.exchange((each) => each.state === 'complete')
  expect([exchange.status, exchange.decodeError]).toEqual([200, null])
  if (exchange.rowKind === 'event') expect(exchange.events).toBe(events)
  return exchange
}

const gzip = 'gzip on; gzip_proxied any; gzip_types text/event-stream;'

describe.concurrent('nginx', () => {
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

  test('with blocks of 8 KiB sends in those', async (context) => {
    const source = { events: 160, everyMs: 12, bytes: 310, isCloseDelimited: true }
    const { verdict } = await through(
      context,
      'nginx',
      { buffering: true, nginxLocation: 'proxy_buffer_size 8k; proxy_buffers 8 8k;' },
      source,
    )
    expect(verdict).toMatchObject({ type: 'bursty-upstream', causes: [{ type: 'buffer-steps', stepBytes: 8192 }] })
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

describe.concurrent('Caddy', () => {
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

describe.concurrent('HAProxy', () => {
  const fast: Source = { events: 100, everyMs: 15, bytes: 100 }

  test('collects events for 200 ms', async (context) => {
    const { verdict } = await through(context, 'haproxy', { noDelay: false }, fast)
    expect(verdict).toMatchObject({ type: 'bursty-upstream', causes: [{ type: 'send-delay', delayMs: 200 }] })
    if (verdict.type !== 'bursty-upstream') return
    expect(verdict.meanApartMs).toBeGreaterThan(160)
    expect(verdict.meanApartMs).toBeLessThan(260)
  })

  test('told to send without delay passes them as they come', async (context) => {
    const { verdict } = await through(context, 'haproxy', { noDelay: true }, tokens)
    expect(verdict).toMatchObject({ type: 'passes', causes: [] })
  })
})
