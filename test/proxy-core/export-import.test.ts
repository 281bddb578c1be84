// A file of JSON Lines brings the same rows with the same two clocks back; HAR is what other tools read.
import { expect, onTestFinished, test } from 'vitest'
import type { ExportFormat } from '../../proxy-core/contract/exchange-files.ts'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { request } from '../support/client.ts'
import { routeTo, startGateway, type TestGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

const events = [
  '\ufeffid: 1\ndata: first\n\n',
  ': a comment\n\n',
  'event: =SUM(A1)\ndata: {"text":"a \\"quoted\\", word"}\ndata: second line\n\n',
  'retry: 2000\n\n',
  'data: Grüße 👋\r\n\r\n',
]

async function streamOnce(route: Parameters<typeof routeTo>[1] = {}, fields: Record<string, string> = {}) {
  const upstream = await startUpstream(async (exchange) => {
    await exchange.eventStream()
    for (const event of events) {
      await exchange.chunk(event)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    exchange.end()
  })
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url, route)] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  const response = await request(gateway.url, { target: '/events?api_key=secret-key-1234567890', fields })
  await response.readAll()
  const { id } = await feed.exchange((one) => one.state === 'complete')
  return { gateway, feed, id }
}

async function exported(gateway: TestGateway, id: ExchangeId, format: ExportFormat, withSecrets = false): Promise<Buffer> {
  const { exportId } = await gateway.command('export.start', { ids: [id], format, withSecrets })
  const pieces: Buffer[] = []
  for (;;) {
    const { bytes, isLast } = await gateway.command('export.read', { exportId })
    pieces.push(Buffer.from(bytes))
    if (isLast) return Buffer.concat(pieces)
  }
}

async function imported(gateway: TestGateway, file: Uint8Array, pieceBytes = 997) {
  const { importId } = await gateway.command('import.start')
  for (let at = 0; at < file.length; at += pieceBytes) {
    await gateway.command('import.write', { importId, bytes: file.subarray(at, at + pieceBytes) })
  }
  return gateway.command('import.finish', { importId })
}

async function rowsOf(gateway: TestGateway, id: ExchangeId) {
  const { rows, total } = await gateway.command('exchange.rows', { id, from: 0, to: 100 })
  return { total, rows }
}

test('what is exported as JSON Lines comes back with the same rows, fields and clocks, in any pieces', async () => {
  const { gateway, id, feed } = await streamOnce({ buffering: { response: 'on', holdBytes: 60 } })
  const file = await exported(gateway, id, 'jsonl')
  const { ids, notes } = await imported(gateway, file, 7)
  expect(notes).toEqual([])
  expect(ids).toHaveLength(1)
  const copy = ids[0] as ExchangeId
  expect(await rowsOf(gateway, copy)).toEqual(await rowsOf(gateway, id))
  const details = async (of: ExchangeId) => Promise.all(events.map((_, index) => gateway.command('exchange.row', { id: of, index })))
  expect(await details(copy)).toEqual(await details(id))
  expect(await gateway.command('exchange.heads', { id: copy })).toEqual(await gateway.command('exchange.heads', { id }))
  const original = feed.view.exchanges.get(id)
  const shown = await feed.exchange((one) => one.id === copy)
  expect(shown).toMatchObject({ origin: 'imported', state: 'complete', status: 200, rows: original?.rows, events: original?.events })
  expect(shown.startedAt).toBe(original?.startedAt)
})

test('an exported HAR has the events with both times, and its body is the text of the stream', async () => {
  const { gateway, id } = await streamOnce()
  const har = JSON.parse((await exported(gateway, id, 'har')).toString('utf8')) as {
    log: {
      version: string
      entries: { request: { url: string }; response: { content: { text: string } }; _eventSourceMessages: object[] }[]
    }
  }
  expect(har.log.version).toBe('1.2')
  const [entry] = har.log.entries
  expect(entry?.response.content.text).toBe(events.join(''))
  expect(entry?._eventSourceMessages).toMatchObject([
    { eventName: 'message', eventId: '1', data: 'first' },
    { eventName: '=SUM(A1)', eventId: '', data: '{"text":"a \\"quoted\\", word"}\nsecond line' },
    { eventName: 'message', data: 'Grüße 👋' },
  ])
  const messages = (entry?._eventSourceMessages ?? []) as { time: number; _arrivedAt: number; _leftAt: number }[]
  for (const message of messages) {
    expect(message.time).toBeCloseTo(message._arrivedAt / 1000, 3)
    expect(message._leftAt).toBeGreaterThanOrEqual(message._arrivedAt)
  }
})

test('a HAR comes back with its events and both of their times, also where a tool left out what is ours', async () => {
  const { gateway, id } = await streamOnce()
  const har = (await exported(gateway, id, 'har')).toString().replace('"_sluice":', '"_other":')
  const { ids } = await imported(gateway, Buffer.from(har))
  const before = (await rowsOf(gateway, id)).rows.filter(({ type }) => type === 'event')
  const { rows } = await rowsOf(gateway, ids[0] as ExchangeId)
  const told = (list: typeof rows) =>
    list.map(({ eventType, eventId, preview, arrivedAt, leftAt }) => ({ eventType, eventId, preview, arrivedAt, leftAt }))
  expect(told(rows)).toEqual(told(before))
})

test('the raw body is what the client got', async () => {
  const { gateway, id } = await streamOnce()
  expect((await exported(gateway, id, 'raw')).toString('utf8')).toBe(events.join(''))
})

test('a table of rows quotes what must be quoted, and no cell is a formula', async () => {
  const { gateway, id } = await streamOnce()
  const lines = (await exported(gateway, id, 'csv')).toString('utf8').split('\r\n')
  expect(lines[0]).toBe('index,type,event,id,arrived_at,left_at,held_ms,gap_ms,bytes,data')
  expect(lines).toHaveLength(events.length + 2)
  expect(lines[3]).toContain(`,event,'=SUM(A1),,`)
  expect(lines[3]).toMatch(/,"\{""text"":""a \\""quoted\\"", word""\}\nsecond line"$/)
})

test('secrets that a route leaves readable are redacted in a file, unless that one is asked for with them', async () => {
  const { gateway, id } = await streamOnce({ capture: { redact: 'none' } }, { Authorization: 'Bearer top-secret-token-123456' })
  for (const format of ['har', 'jsonl'] as const) {
    const redacted = (await exported(gateway, id, format)).toString()
    expect(redacted).not.toContain('top-secret-token')
    expect(redacted).not.toContain('secret-key-12345')
    expect((await exported(gateway, id, format, true)).toString()).toContain('top-secret-token')
  }
})

test.for([
  ['nothing', '', 'no exchange'],
  ['another kind of file', 'PK\u0003\u0004', 'neither a HAR'],
  ['JSON of something else', '{"hello":"world"}', 'no whole HAR'],
  ['a HAR that is cut', '{"log":{"version":"1.2","entries":[{"startedDateTime":"2026-01-01T00:00:00Z","req', 'no whole HAR'],
  ['a HAR with an entry that is no JSON', '{"log":{"entries":[{nonsense}]}}', 'not JSON'],
  ['lines that are cut', '{"sluice":1,"type":"exchange","exchange":{"method":"GET"', 'Line 1'],
  [
    'lines of a newer version',
    '{"sluice":99,"type":"exchange","exchange":{"method":"GET","target":"/","startedAt":1},"heads":{}}',
    'newer version',
  ],
  [
    'a row without an exchange',
    '{"sluice":1,"type":"row","side":"response","arrivedAt":1,"leftAt":1,"raw":"x"}',
    'before the first exchange',
  ],
] as const)('%s is refused with a sentence that says why, and nothing is taken in', async ([, text, reason]) => {
  const gateway = await startGateway()
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  await expect(imported(gateway, Buffer.from(text))).rejects.toThrow(reason)
  expect(feed.view.exchanges.size).toBe(0)
})

test('a HAR of other tools is read as far as it is told, and what is no exchange is named', async () => {
  const gateway = await startGateway()
  onTestFinished(() => gateway.close())
  const har = {
    log: {
      comment: { entries: ['not these'] },
      entries: [
        {
          startedDateTime: '2026-01-02T03:04:05.678Z',
          time: 30,
          request: {
            method: 'POST',
            url: 'https://api.example.com/v1?x=1',
            httpVersion: 'HTTP/2',
            headers: [],
            postData: { text: '{"a":1}' },
          },
          response: {
            status: 201,
            headers: [{ name: 'X', value: 'y' }],
            content: { mimeType: 'application/json', text: 'eyJiIjoyfQ==', encoding: 'base64' },
          },
        },
        { pages: [] },
      ],
    },
  }
  const { ids, notes } = await imported(gateway, Buffer.from(JSON.stringify(har)), 5)
  expect(notes).toEqual(['Entry 2 was left out: it has no request, response or start.'])
  const feed = await gateway.feed()
  const shown = await feed.exchange((one) => one.id === ids[0])
  expect(shown).toMatchObject({
    method: 'POST',
    target: '/v1?x=1',
    host: 'api.example.com',
    httpVersion: '2',
    status: 201,
    requestBytes: 7,
  })
  const body = await gateway.command('exchange.body', { id: shown.id, side: 'response', from: 0, to: 100 })
  expect(Buffer.from(body.bytes).toString()).toBe('{"b":2}')
})
