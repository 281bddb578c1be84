import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import type { FeedReader } from '../support/feed-view.ts'
import { startBrowser } from '../support/browser.ts'
import { routeTo, startGateway, type TestGateway } from '../support/gateway.ts'
import { startSwitchingUpstream, type RawTunnel, type SwitchingUpstream } from '../support/raw-tunnel.ts'
import { startHttpUpstream } from '../support/upstream.ts'
import { startWebSocketEcho } from '../support/web-socket-echo.ts'
import { frame } from '../support/web-socket-frames.ts'

const key = [7, 77, 177, 250] as const
let upstream: SwitchingUpstream
let gateway: TestGateway
let feed: FeedReader

beforeAll(async () => {
  upstream = await startSwitchingUpstream()
  gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  feed = await gateway.feed()
})
afterAll(async () => {
  await gateway.close()
  await upstream.close()
})

/** Opens a tunnel, says something both ways, and waits for the rows. */
async function openTunnel(up: Buffer, down: Buffer, rows: number): Promise<{ tunnel: RawTunnel; id: ExchangeId }> {
  const before = feed.view.exchanges.size
  const tunnel = await upstream.open(gateway.url)
  tunnel.client.socket.write(up)
  await tunnel.upstream.until(up.length)
  tunnel.upstream.socket.write(down)
  await tunnel.client.until(down.length)
  const view = await feed.until(({ exchanges }) => {
    const newest = [...exchanges.values()][before]
    return newest !== undefined && newest.rows === rows && newest.leftRows === rows
  })
  return { tunnel, id: [...view.exchanges.keys()][before] as ExchangeId }
}

test('each message of both directions is a row with both clocks, counted in the feed', async () => {
  const up = Buffer.concat([frame({ opcode: 1, payload: '{"ask":1}', key }), frame({ opcode: 9, payload: 'are you there', key })])
  const close = Buffer.concat([Buffer.from([0x03, 0xe8]), Buffer.from('done')])
  const down = Buffer.concat([
    frame({ opcode: 1, payload: 'half ', isFinal: false }),
    frame({ opcode: 10, payload: 'are you there' }),
    frame({ opcode: 0, payload: 'and half' }),
    frame({ opcode: 2, payload: Buffer.from([0, 1, 2, 255]) }),
    frame({ opcode: 8, payload: close }),
  ])
  const { id } = await openTunnel(up, down, 6)
  const { rows, total, leftRows } = await gateway.command('exchange.rows', { id, from: 0, to: 100 })
  expect(rows.map(({ type, preview, message, bytes }) => [type, message?.direction, message?.opcode, preview, bytes])).toEqual([
    ['message', 'toUpstream', 'text', '{"ask":1}', 9],
    ['message', 'toUpstream', 'ping', 'are you there', 13],
    ['message', 'toClient', 'pong', 'are you there', 13],
    ['message', 'toClient', 'text', 'half and half', 13],
    ['message', 'toClient', 'binary', '00 01 02 ff', 4],
    ['message', 'toClient', 'close', 'done', 6],
  ])
  expect([total, leftRows]).toEqual([6, 6])
  expect(rows.every(({ arrivedAt, leftAt }) => leftAt !== null && leftAt >= arrivedAt)).toBe(true)
  expect(feed.view.exchanges.get(id)).toMatchObject({
    rowKind: 'message',
    rows: 6,
    events: 3,
    leftRows: 6,
    requestBytes: up.length,
    leftBytes: down.length,
    verdict: { type: 'passes' },
  })
  expect(await gateway.command('exchange.row', { id, index: 5 })).toMatchObject({ data: 'done', message: { closeCode: 1000 } })
  const body = (side: 'request' | 'response') => gateway.command('exchange.body', { id, side, from: 0, to: 1000 })
  expect(Buffer.from((await body('request')).bytes).equals(up)).toBe(true)
  expect(Buffer.from((await body('response')).bytes).equals(down)).toBe(true)
})

test('messages are searched by text and type, sorted by size and held, put on a timeline and added up', async () => {
  const up = Buffer.concat(['one', 'three', 'fifteen'].map((payload) => frame({ opcode: 1, payload, key })))
  const down = Buffer.concat([frame({ opcode: 9, payload: 'x' }), frame({ opcode: 2, payload: 'three bytes' })])
  const { id } = await openTunnel(up, down, 5)
  const find = async (text: string, isPattern = false) => {
    const query = { text, isPattern, matchesCase: false }
    await expect.poll(async () => (await gateway.command('exchange.search', { id, query, from: 0 })).searchedTo).toBe(5)
    return [...(await gateway.command('exchange.search', { id, query, from: 0 })).matches]
  }
  expect(await find('three')).toEqual([1, 4])
  expect(await find('^(fif|thr)', true)).toEqual([1, 2, 4])
  expect(await find('PING')).toEqual([3])
  expect(await find('binary')).toEqual([4])
  expect(await find('text')).toEqual([])
  const way = { text: '', isPattern: false, matchesCase: false, direction: 'toClient' } as const
  await expect.poll(async () => [...(await gateway.command('exchange.search', { id, query: way, from: 0 })).matches]).toEqual([3, 4])
  const both = { ...way, text: 'three', direction: 'toUpstream' } as const
  await expect.poll(async () => [...(await gateway.command('exchange.search', { id, query: both, from: 0 })).matches]).toEqual([1])
  const pattern = { ...both, text: 'th?ree', isPattern: true, direction: 'toClient' } as const
  await expect.poll(async () => [...(await gateway.command('exchange.search', { id, query: pattern, from: 0 })).matches]).toEqual([4])
  const none = { text: '', isPattern: false, matchesCase: false }
  await expect(gateway.command('exchange.search', { id, query: none, from: 0 })).rejects.toMatchObject({ code: 'invalid-input' })
  const sorted = await gateway.command('exchange.sorted', { id, by: 'bytes', descending: true, from: 0, to: 9, find: 3 })
  expect([sorted.rows.map(({ index }) => index), sorted.rank]).toEqual([[4, 2, 1, 0, 3], 4])
  const { startedAt } = feed.view.exchanges.get(id) ?? { startedAt: 0 }
  const timeline = await gateway.command('exchange.timeline', { id, from: startedAt, to: startedAt + 60_000, columns: 100 })
  const shown = Array.from({ length: timeline.points.length / 3 }, (_, point) => timeline.points[point * 3 + 2] ?? 0)
  expect(shown.length).toBeGreaterThanOrEqual(4)
  expect([...(timeline.upward ?? [])]).toEqual(shown.map((index) => (index < 3 ? 1 : 0)))
  expect(await gateway.command('exchange.stretch', { id, from: startedAt, to: startedAt + 60_000 })).toMatchObject({ rows: 5, leftRows: 5 })
  expect(await gateway.command('exchange.timing', { id, columns: 100 })).toMatchObject({ rows: 5, held: { count: 5 } })
})

test('a message that its direction ends in the middle of is named, and where frames end the rule and the byte are', async () => {
  const up = Buffer.concat([
    frame({ opcode: 1, payload: 'whole', key }),
    frame({ opcode: 1, payload: 'not the whole', key }).subarray(0, 9),
  ])
  const { id, tunnel } = await openTunnel(up, Buffer.concat([frame({ opcode: 1, payload: 'good' }), Buffer.from('GET / HTTP/1.1')]), 3)
  tunnel.client.socket.end()
  await feed.until((view) => view.exchanges.get(id)?.state === 'complete')
  expect(await gateway.command('exchange.unterminated', { id })).toMatchObject({ type: 'message', direction: 'toUpstream', bytes: 9 })
  expect(feed.view.exchanges.get(id)?.framingFaults).toEqual([{ direction: 'toClient', rule: 'unknown-opcode', atByte: 6 }])
})

test('bytes that come in one piece with the head of the switch are messages too', async () => {
  const before = feed.view.exchanges.size
  await upstream.open(gateway.url, frame({ opcode: 1, payload: 'early' }))
  await feed.until(({ exchanges }) => [...exchanges.values()][before]?.rows === 1)
})

test('nothing is kept where the route says so, and the messages pass', async () => {
  const quiet = await startGateway({ routes: [routeTo(upstream.url, { capture: { enabled: false } })] })
  onTestFinished(() => quiet.close())
  const view = await quiet.feed()
  const tunnel = await upstream.open(quiet.url)
  const bytes = frame({ opcode: 1, payload: 'passing', key })
  tunnel.client.socket.write(bytes)
  await tunnel.upstream.until(bytes.length)
  expect(tunnel.upstream.received.equals(bytes)).toBe(true)
  const [exchange] = (await view.until(({ exchanges }) => [...exchanges.values()][0]?.requestBytes === bytes.length)).exchanges.values()
  expect(exchange).toMatchObject({ rowKind: 'message', rows: 0 })
})

test('what a real browser says to a server that compresses is seen in plain text, in both directions', async () => {
  const echo = await startWebSocketEcho({ compresses: true })
  const page = await startHttpUpstream((_request, response) => response.end('<!doctype html><title>page</title>'))
  const local = await startGateway({
    routes: [routeTo(echo.url, { id: 'echo', match: { path: '/echo' } }), routeTo(page.url, { id: 'page', match: { path: '/*' } })],
  })
  const browser = await startBrowser()
  onTestFinished(async () => {
    await browser.close()
    await local.close()
    await page.close()
    await echo.close()
  })
  const view = await local.feed()
  const tab = await browser.newPage()
  await tab.goto(`${local.url}/`)
  const said = ['{"word":"hello hello hello"}', '{"word":"hello hello hello"}', 'and something else']
  const heard = await tab.evaluate(
    (texts) =>
      new Promise<string[]>((resolve, reject) => {
        const socket = new WebSocket(`ws://${location.host}/echo`)
        const answers: string[] = []
        socket.onopen = () => texts.forEach((text) => socket.send(text))
        socket.onmessage = (event) => {
          answers.push(String(event.data))
          if (answers.length === texts.length) socket.close(1000, 'thanks')
        }
        socket.onclose = () => resolve(answers)
        socket.onerror = () => reject(new Error('the WebSocket failed'))
      }),
    said,
  )
  expect(heard).toEqual(said)
  const done = await view.until(({ exchanges }) =>
    [...exchanges.values()].some(({ rowKind, state }) => rowKind === 'message' && state !== 'open'),
  )
  const id = [...done.exchanges.values()].find(({ rowKind }) => rowKind === 'message')?.id as ExchangeId
  const { rows } = await local.command('exchange.rows', { id, from: 0, to: 100 })
  const seen = (direction: string) => rows.filter(({ message }) => message?.direction === direction).map(({ preview }) => preview)
  expect([seen('toUpstream'), seen('toClient')]).toEqual([
    [...said, 'thanks'],
    [...said, 'thanks'],
  ])
  expect(rows.map(({ message }) => message?.isCompressed)).toEqual(rows.map(({ message }) => message?.opcode === 'text'))
  expect(rows.filter(({ message }) => message?.opcode === 'close').map(({ message }) => message?.closeCode)).toEqual([1000, 1000])
})
