// What a WebSocket said goes to files and comes back, with the way of each message and its two clocks.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ExportFormat } from '../../proxy-core/contract/exchange-files.ts'
import type { Exchange, ExchangeId } from '../../proxy-core/contract/exchange.ts'
import type { Row } from '../../proxy-core/contract/rows.ts'
import type { FeedReader } from '../support/feed-view.ts'
import { routeTo, startGateway, type TestGateway } from '../support/gateway.ts'
import { MessageDeflater } from '../support/message-deflater.ts'
import { startSwitchingUpstream, type SwitchingUpstream } from '../support/raw-tunnel.ts'
import { frame } from '../support/web-socket-frames.ts'

const key = [3, 31, 131, 231] as const
let upstream: SwitchingUpstream
let gateway: TestGateway
let feed: FeedReader
let original: Exchange

beforeAll(async () => {
  upstream = await startSwitchingUpstream(['Sec-WebSocket-Extensions: permessage-deflate'])
  gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  feed = await gateway.feed()
  const { client, upstream: server } = await upstream.open(gateway.url)
  const up = Buffer.concat([frame({ opcode: 1, payload: '=SUM(A1)', key }), frame({ opcode: 9, payload: '', key })])
  const deflated = await new MessageDeflater({ keepsContext: true }).deflate(Buffer.from('said compressed, Grüße'))
  const down = Buffer.concat([
    frame({ opcode: 1, payload: deflated, reserved: 4 }),
    frame({ opcode: 2, payload: Buffer.from([0, 159, 146, 150]), isFinal: false }),
    frame({ opcode: 0, payload: Buffer.from([1]) }),
    frame({ opcode: 8, payload: Buffer.concat([Buffer.from([0x03, 0xe8]), Buffer.from('bye')]) }),
    Buffer.from('HTTP/1.1'),
  ])
  client.socket.write(up)
  await server.until(up.length)
  server.socket.write(down)
  await client.until(down.length)
  client.socket.end()
  original = await feed.exchange((one) => one.state === 'complete' && one.rows === 6)
})
afterAll(async () => {
  await gateway.close()
  await upstream.close()
})

async function exported(format: ExportFormat, id: ExchangeId = original.id): Promise<Buffer> {
  const { exportId } = await gateway.command('export.start', { ids: [id], format, withSecrets: false })
  const pieces: Buffer[] = []
  for (;;) {
    const { bytes, isLast } = await gateway.command('export.read', { exportId })
    pieces.push(Buffer.from(bytes))
    if (isLast) return Buffer.concat(pieces)
  }
}

async function imported(file: Uint8Array): Promise<ExchangeId> {
  const { importId } = await gateway.command('import.start')
  for (let at = 0; at < file.length; at += 97) await gateway.command('import.write', { importId, bytes: file.subarray(at, at + 97) })
  const { ids } = await gateway.command('import.finish', { importId })
  return ids[0] as ExchangeId
}

async function rowsOf(id: ExchangeId): Promise<readonly Row[]> {
  return (await gateway.command('exchange.rows', { id, from: 0, to: 100 })).rows
}

test('JSON Lines bring back every message with its way, type, frames, text and clocks, and where the frames ended', async () => {
  const file = await exported('jsonl')
  const copy = await imported(file)
  expect(await rowsOf(copy)).toEqual(await rowsOf(original.id))
  for (let index = 0; index < 6; index++) {
    const detail = await gateway.command('exchange.row', { id: copy, index })
    expect(detail).toEqual(await gateway.command('exchange.row', { id: original.id, index }))
  }
  const shown = await feed.exchange((one) => one.id === copy)
  const { rows, events, leftRows, requestBytes, arrivedBytes, leftBytes, framingFaults } = original
  expect(shown).toMatchObject({
    origin: 'imported',
    rowKind: 'message',
    rows,
    events,
    leftRows,
    requestBytes,
    arrivedBytes,
    leftBytes,
    framingFaults,
  })
  // And it can be written again.
  const lines = (text: Buffer) => text.toString('utf8').split('\n').slice(1)
  expect(lines(await exported('jsonl', copy))).toEqual(lines(file))
})

test('HAR has the messages as browsers write them, and they come back from it', async () => {
  const har = JSON.parse((await exported('har')).toString('utf8')) as {
    log: { entries: [{ request: { url: string }; _resourceType: string; _webSocketMessages: Record<string, unknown>[] }] }
  }
  const [entry] = har.log.entries
  const rows = await rowsOf(original.id)
  expect(entry.request.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/socket$/)
  expect(entry._resourceType).toBe('websocket')
  expect(entry._webSocketMessages).toEqual(
    [
      ['send', 1, '=SUM(A1)'],
      ['send', 9, ''],
      ['receive', 1, 'said compressed, Grüße'],
      ['receive', 2, Buffer.from([0, 159, 146, 150, 1]).toString('base64')],
      ['receive', 8, Buffer.concat([Buffer.from([0x03, 0xe8]), Buffer.from('bye')]).toString('base64')],
    ].map(([type, opcode, data], index) => ({
      type,
      time: (rows[index]?.arrivedAt ?? 0) / 1000,
      opcode,
      data,
      _arrivedAt: rows[index]?.arrivedAt,
      _leftAt: rows[index]?.leftAt,
      ...(index === 2 ? { _compressed: true } : {}),
    })),
  )
  const copy = await rowsOf(await imported(await exported('har')))
  const said = ({ preview, arrivedAt, leftAt, bytes, message }: Row) => [
    preview,
    arrivedAt,
    leftAt,
    bytes,
    message?.direction,
    message?.opcode,
  ]
  expect(copy.map(said)).toEqual(rows.slice(0, 5).map(said))
})

test('a HAR file of a browser shows its messages with one time on both clocks', async () => {
  const message = (type: string, time: number, opcode: number, data: string) => ({ type, time, opcode, data })
  const entry = {
    startedDateTime: '2026-01-01T00:00:00.000Z',
    time: 5000,
    request: { method: 'GET', url: 'wss://chat.example.com/socket?room=1', httpVersion: 'HTTP/1.1', headers: [] },
    response: { status: 101, headers: [], content: { size: 0, mimeType: 'x-unknown' } },
    timings: { send: 0, wait: 20 },
    _webSocketMessages: [message('send', 1767225600.5, 1, 'hello'), message('receive', 1767225601.25, 2, 'AAEC')],
  }
  const id = await imported(Buffer.from(JSON.stringify({ log: { version: '1.2', entries: [entry] } })))
  expect(await rowsOf(id)).toMatchObject([
    { preview: 'hello', arrivedAt: 1767225600500, leftAt: 1767225600500, message: { direction: 'toUpstream', opcode: 'text' } },
    { preview: '00 01 02', arrivedAt: 1767225601250, message: { direction: 'toClient', opcode: 'binary' } },
  ])
  expect(await feed.exchange((one) => one.id === id)).toMatchObject({
    target: '/socket?room=1',
    host: 'chat.example.com',
    rowKind: 'message',
  })
})

test('a table has a record for each message, and no cell that a spreadsheet would run', async () => {
  const records = (await exported('csv')).toString('utf8').trimEnd().split('\r\n')
  expect(records[0]).toBe('index,type,opcode,direction,arrived_at,left_at,held_ms,gap_ms,bytes,data')
  expect(records.slice(1).map((each) => each.split(',').filter((_, column) => column < 4 || column > 7))).toEqual([
    ['0', 'message', 'text', 'toUpstream', '8', `'=SUM(A1)`],
    ['1', 'message', 'ping', 'toUpstream', '0', ''],
    ['2', 'message', 'text', 'toClient', '24', '"said compressed', ' Grüße"'],
    ['3', 'message', 'binary', 'toClient', '5', '009f929601'],
    ['4', 'message', 'close', 'toClient', '5', 'bye'],
    ['5', 'chunk', '', 'toClient', '8', 'HTTP/1.1'],
  ])
})

test('what was said is written as text, a line for each message', async () => {
  const text = await exported('raw')
  expect(text.subarray(0, text.indexOf('Grüße') + 7).toString('utf8')).toBe('=SUM(A1)\n\nsaid compressed, Grüße')
  expect(text.subarray(-8).toString('utf8')).toBe('HTTP/1.1')
})
