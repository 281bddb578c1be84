// HAR files in the shapes that browsers write them, and files that are broken in the ways that happen.
import { expect, onTestFinished, test } from 'vitest'
import type { Exchange, ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'

async function imported(gateway: TestGateway, file: string | Uint8Array) {
  const { importId } = await gateway.command('import.start')
  await gateway.command('import.write', { importId, bytes: typeof file === 'string' ? Buffer.from(file) : file })
  return gateway.command('import.finish', { importId })
}

async function read(entries: readonly object[], before = '') {
  const gateway = await startGateway()
  onTestFinished(() => gateway.close())
  const { ids, notes } = await imported(gateway, before + JSON.stringify({ log: { version: '1.2', pages: [], entries } }, null, 2))
  const feed = await gateway.feed()
  const exchanges: Exchange[] = []
  for (const id of ids) exchanges.push(await feed.exchange((one) => one.id === id))
  return { gateway, exchanges, notes }
}

async function body(gateway: TestGateway, id: ExchangeId, side: 'request' | 'response'): Promise<string> {
  const { bytes } = await gateway.command('exchange.body', { id, side, from: 0, to: 10_000 })
  return Buffer.from(bytes).toString('utf8')
}

const chromeStream = {
  _connectionId: '1243',
  _eventSourceMessages: [
    { data: 'first', eventId: '1', eventName: 'message', time: 1767322800.125 },
    { data: 'two\nlines', eventId: '', eventName: 'delta', time: 1767322801.5 },
  ],
  _initiator: { type: 'script', stack: { callFrames: [] } },
  _priority: 'High',
  _resourceType: 'eventsource',
  cache: {},
  connection: '443',
  request: {
    method: 'GET',
    url: 'https://api.example.com/events?x=1#frag',
    httpVersion: 'h3',
    headers: [
      { name: ':authority', value: 'api.example.com' },
      { name: 'accept', value: 'text/event-stream' },
    ],
    queryString: [{ name: 'x', value: '1' }],
    cookies: [],
    headersSize: -1,
    bodySize: 0,
  },
  response: {
    status: 200,
    statusText: '',
    httpVersion: 'h3',
    headers: [{ name: 'content-type', value: 'text/event-stream' }],
    cookies: [],
    content: { size: 0, mimeType: 'text/event-stream' },
    redirectURL: '',
    headersSize: -1,
    bodySize: -1,
    _transferSize: 300,
    _error: null,
    _fetchedViaServiceWorker: false,
  },
  serverIPAddress: '192.0.2.1',
  startedDateTime: '2026-01-02T03:00:00.000Z',
  time: 1600.5,
  timings: { blocked: 2.1, dns: -1, ssl: -1, connect: -1, send: 0.2, wait: 99.8, receive: 1498.4, _blocked_queueing: 1.2 },
}

test('a stream of Chrome’s has its events, at the times that the browser saw', async () => {
  const { gateway, exchanges, notes } = await read([chromeStream])
  expect(notes).toEqual([])
  const [shown] = exchanges as [Exchange]
  expect(shown).toMatchObject({ method: 'GET', target: '/events?x=1', host: 'api.example.com', status: 200, rowKind: 'event', events: 2 })
  const { rows } = await gateway.command('exchange.rows', { id: shown.id, from: 0, to: 10 })
  expect(rows).toMatchObject([
    { type: 'event', eventType: 'message', eventId: '1', arrivedAt: 1767322800125, leftAt: 1767322800125 },
    { type: 'event', eventType: 'delta', preview: 'two\nlines', arrivedAt: 1767322801500 },
  ])
})

test('a request of Chrome’s that failed is a failed exchange that says why', async () => {
  const { exchanges } = await read([
    {
      ...chromeStream,
      _eventSourceMessages: undefined,
      response: { ...chromeStream.response, status: 0, headers: [], _error: 'net::ERR_CONNECTION_REFUSED' },
    },
  ])
  expect(exchanges).toMatchObject([
    { state: 'failed', status: null, error: { message: expect.stringContaining('ERR_CONNECTION_REFUSED') as string } },
  ])
})

test('an entry of Firefox’s is read, with a zone in its time, a form in its request and a mark at the start of the file', async () => {
  const { gateway, exchanges, notes } = await read(
    [
      {
        startedDateTime: '2026-01-02T05:00:00.250+02:00',
        request: {
          bodySize: 13,
          method: 'POST',
          url: 'https://shop.example.com/cart',
          httpVersion: 'HTTP/2',
          headers: [{ name: 'Content-Type', value: 'application/x-www-form-urlencoded' }],
          cookies: [],
          queryString: [],
          headersSize: 400,
          postData: { mimeType: 'application/x-www-form-urlencoded', params: [{ name: 'a b', value: '1&2' }], text: '' },
        },
        response: {
          status: 200,
          statusText: 'OK',
          httpVersion: 'HTTP/2',
          headers: [{ name: 'content-type', value: 'text/event-stream' }],
          cookies: [],
          content: { mimeType: 'text/event-stream', size: 22, text: 'data: one\n\ndata: two\n\n' },
          redirectURL: '',
          headersSize: 120,
          bodySize: 142,
        },
        cache: {},
        timings: { blocked: 0, dns: 0, connect: 0, ssl: 0, send: 0, wait: 40, receive: 10 },
        time: 50,
        _securityState: 'secure',
        serverIPAddress: '192.0.2.2',
        connection: '443',
        pageref: 'page_1',
      },
    ],
    '\ufeff',
  )
  expect(notes).toEqual([])
  const [shown] = exchanges as [Exchange]
  expect(shown).toMatchObject({ method: 'POST', httpVersion: '2', startedAt: Date.parse('2026-01-02T03:00:00.250Z'), events: 2 })
  expect(await body(gateway, shown.id, 'request')).toBe('a+b=1%262')
  expect(await body(gateway, shown.id, 'response')).toBe('data: one\n\ndata: two\n\n')
})

test('one entry that makes no sense is named, and the others are read', async () => {
  const { exchanges, notes } = await read([
    { ...chromeStream, startedDateTime: 'yesterday' },
    chromeStream,
    { ...chromeStream, request: null },
  ])
  expect(exchanges).toHaveLength(1)
  expect(notes).toEqual([
    'Entry 1 was left out: it has no request, response or start.',
    'Entry 3 was left out: it has no request, response or start.',
  ])
})

test.for<[what: string, file: string | Uint8Array, reason: string]>([
  ['a HAR without entries', '{"log":{"version":"1.2","entries":[]}}', 'no exchange in this file'],
  ['a HAR whose entries are not a list', '{"log":{"version":"1.2","entries":{"a":1}}}', 'no whole HAR'],
  ['a download that was cut', JSON.stringify({ log: { entries: [chromeStream, chromeStream] } }).slice(0, -40), 'ends behind entry 1'],
  ['a compressed file', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), 'neither a HAR file'],
  ['text in UTF-16', Buffer.from(`\ufeff${JSON.stringify({ log: { entries: [] } })}`, 'utf16le'), 'neither a HAR file'],
  ['a web page', '<!doctype html><title>Sign in</title>', 'neither a HAR file'],
  ['lines of another program', '{"level":"info"}\n{"level":"warn"}\n', 'no whole HAR'],
  [
    'a line of ours that is damaged',
    '{"sluice":1,"type":"exchange","exchange":{"method":"GET","target":"/","startedAt":1},"heads":{}}\n{"type":"row"',
    'Line 2',
  ],
])('%s is refused with a sentence that says why', async ([, file, reason]) => {
  const gateway = await startGateway()
  onTestFinished(() => gateway.close())
  await expect(imported(gateway, file)).rejects.toThrow(reason)
  expect((await gateway.feed()).view.exchanges.size).toBe(0)
})
