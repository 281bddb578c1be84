// What is exported and imported again is the same exchange: every byte, both clocks of every row, its end and its verdict.
import { expect, onTestFinished, test } from 'vitest'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { request } from '../support/client.ts'
import { routeTo, startGateway, type TestGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

const bytes = (...parts: readonly (string | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))

interface Sample {
  readonly contentType: string
  readonly chunks: readonly Buffer[]
  readonly isCut?: boolean
  readonly requestBody?: Buffer
}

const samples: Readonly<Record<string, Sample>> = {
  'events that end in CRLF, with blank lines and comments between them': {
    contentType: 'text/event-stream',
    chunks: [bytes('\ufeffid: 1\r\ndata: one\r\n\r\n'), bytes('\r\n\n: comment\r\n\r'), bytes('\ndata: two\r\rdata: three\n\n\n')],
  },
  'an event with bytes that are no UTF-8, and one that has no end': {
    contentType: 'text/event-stream',
    chunks: [bytes('data: ', [0xff, 0x80, 0x41], '\n\n'), bytes('data: no end \u00e9')],
  },
  'a stream that is nothing but an event without an end': { contentType: 'text/event-stream', chunks: [bytes('data: no end')] },
  'lines, with empty ones among them, cut off by the upstream': {
    contentType: 'application/x-ndjson',
    chunks: [bytes('{"a":1}\n\n'), bytes('{"b":2}\r\n{"c":')],
    isCut: true,
  },
  'bytes in chunks, for a request that was bytes too': {
    contentType: 'application/octet-stream',
    chunks: [bytes([0, 255, 128, 10]), bytes([13, 10, 200])],
    requestBody: bytes([0xff, 0, 0x80]),
  },
  'text in chunks, without a type': { contentType: '', chunks: [bytes('first \u00e9'), bytes('second')] },
}

async function capture({ contentType, chunks, isCut = false, requestBody }: Sample) {
  const upstream = await startUpstream(async (exchange) => {
    await exchange.chunked({ fields: contentType === '' ? {} : { 'Content-Type': contentType } })
    for (const chunk of chunks) {
      await exchange.chunk(chunk)
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
    if (isCut) exchange.destroy()
    else await exchange.endChunks()
  })
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url, { buffering: { response: 'on', holdBytes: null, holdMs: 40 } })] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  const response = await request(gateway.url, requestBody ? { method: 'POST', body: requestBody } : {})
  await response.readAll().catch(() => undefined)
  return { gateway, exchange: await feed.exchange(({ state }) => state !== 'open') }
}

async function writtenFile(gateway: TestGateway, id: ExchangeId, format: 'har' | 'jsonl'): Promise<string> {
  const { exportId } = await gateway.command('export.start', { ids: [id], format })
  const pieces: Uint8Array[] = []
  for (let isLast = false; !isLast;) {
    const piece = await gateway.command('export.read', { exportId })
    pieces.push(piece.bytes)
    isLast = piece.isLast
  }
  return Buffer.concat(pieces).toString()
}

async function throughFile(gateway: TestGateway, id: ExchangeId, format: 'har' | 'jsonl'): Promise<ExchangeId> {
  const { exportId } = await gateway.command('export.start', { ids: [id], format })
  const { importId } = await gateway.command('import.start')
  for (let isLast = false; !isLast;) {
    const piece = await gateway.command('export.read', { exportId })
    await gateway.command('import.write', { importId, bytes: piece.bytes })
    isLast = piece.isLast
  }
  const { ids } = await gateway.command('import.finish', { importId })
  expect(ids).toHaveLength(1)
  return ids[0] as ExchangeId
}

/** All that somebody sees of an exchange and that a file keeps. */
async function seen(gateway: TestGateway, id: ExchangeId) {
  const exchange = (await gateway.feed()).exchanges.find((each) => each.id === id)
  if (exchange === undefined) throw new Error(`The exchange ${id} is not listed.`)
  const body = async (side: 'request' | 'response') => {
    const range = await gateway.command('exchange.body', { id, side, from: 0, to: 1_000_000 })
    return Buffer.from(range.bytes).toString('latin1')
  }
  const { startedAt, respondedAt, endedAt, status, state, error, contentType, rowKind, framing, decisions } = exchange
  return {
    head: { startedAt, respondedAt, endedAt, status, state, error, contentType, rowKind, framing, decisions },
    counts: [exchange.rows, exchange.events, exchange.leftRows, exchange.arrivedBytes, exchange.requestBytes],
    verdict: exchange.verdict,
    rows: (await gateway.command('exchange.rows', { id, from: 0, to: 100 })).rows,
    unterminated: await gateway.command('exchange.unterminated', { id }),
    response: await body('response'),
    request: exchange.requestBytes > 0 ? await body('request') : '',
  }
}

test.each(Object.keys(samples).flatMap((name) => [[name, 'har'] as const, [name, 'jsonl'] as const]))('%s, as %s', async (name, format) => {
  const { gateway, exchange } = await capture(samples[name] as Sample)
  const before = await seen(gateway, exchange.id)
  const after = await seen(gateway, await throughFile(gateway, exchange.id, format))
  expect(after).toEqual(before)
  expect(Buffer.from(after.response, 'latin1')).toEqual(Buffer.concat((samples[name] as Sample).chunks))
})

test('what another tool has changed in the content of a HAR file is read without the clocks that no longer fit', async () => {
  const { gateway, exchange } = await capture({ contentType: 'application/x-ndjson', chunks: [bytes('{"a":1}\n'), bytes('{"b":2}\n')] })
  const file = await writtenFile(gateway, exchange.id, 'har')
  const { importId } = await gateway.command('import.start')
  const changed = file.replace(String.raw`{\"b\":2}\n`, '')
  expect(changed).not.toBe(file)
  await gateway.command('import.write', { importId, bytes: new Uint8Array(Buffer.from(changed)) })
  const { ids } = await gateway.command('import.finish', { importId })
  const { rows } = await gateway.command('exchange.rows', { id: ids[0] as ExchangeId, from: 0, to: 10 })
  expect(rows.map(({ preview }) => preview)).toEqual(['{"a":1}'])
})

test('a verdict in a file that is none we know counts for nothing', async () => {
  const { gateway, exchange } = await capture({ contentType: 'text/event-stream', chunks: [bytes('data: one\n\n')] })
  const file = await writtenFile(gateway, exchange.id, 'jsonl')
  const changed = file.replace(/"verdict":\{"type":"held","longestHeldMs":[\d.]+/, '"verdict":{"type":"held","longestHeldMs":"<script>"')
  expect(changed).not.toBe(file)
  const { importId } = await gateway.command('import.start')
  await gateway.command('import.write', { importId, bytes: new Uint8Array(Buffer.from(changed)) })
  const { ids } = await gateway.command('import.finish', { importId })
  expect((await seen(gateway, ids[0] as ExchangeId)).verdict).toEqual({ type: 'waiting' })
})

test.each(['har', 'jsonl'] as const)(
  'a stream that goes on while it is written as %s is in the file as far as it had come',
  async (format) => {
    const upstream = await startUpstream()
    onTestFinished(() => upstream.close())
    const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
    onTestFinished(() => gateway.close())
    const feed = await gateway.feed()
    const responding = request(gateway.url)
    const upstreamSide = await upstream.next()
    await upstreamSide.chunked({ fields: { 'Content-Type': 'application/x-ndjson' } })
    const response = await responding
    onTestFinished(() => response.client.close())
    const line = (index: number) => `{"index":${index},"text":"${'x'.repeat(5000)}"}\n`
    for (let index = 0; index < 200; index++) await upstreamSide.chunk(line(index))
    const { id } = await feed.exchange(({ events }) => events === 200)
    const before = (await gateway.command('exchange.rows', { id, from: 0, to: 1000 })).rows

    const { exportId } = await gateway.command('export.start', { ids: [id], format })
    const { importId } = await gateway.command('import.start')
    let count = 200
    for (let isLast = false; !isLast;) {
      const piece = await gateway.command('export.read', { exportId })
      await gateway.command('import.write', { importId, bytes: piece.bytes })
      isLast = piece.isLast
      await upstreamSide.chunk(line(count++))
      await feed.exchange(({ events }) => events === count)
    }
    const { ids } = await gateway.command('import.finish', { importId })
    const { rows } = await gateway.command('exchange.rows', { id: ids[0] as ExchangeId, from: 0, to: 1000 })
    expect(count).toBeGreaterThan(202)
    expect(rows.slice(0, 200)).toEqual(before)
  },
)
