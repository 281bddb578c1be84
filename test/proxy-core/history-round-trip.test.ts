// Issue 4, item 9: what was kept is there again after a restart, as it was.
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import type { Exchange, ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { fetchWhole } from '../support/client.ts'
import { routeTo, startGateway, type TestGateway } from '../support/gateway.ts'
import { startSwitchingUpstream } from '../support/raw-tunnel.ts'
import { openTempFolder } from '../support/temp.ts'
import { startUpstream } from '../support/upstream.ts'
import { frame } from '../support/web-socket-frames.ts'

const events = Array.from({ length: 40 }, (_, index) => `id: ${index}\nevent: tick\ndata: number ${index} of the stream\n\n`)

async function open(dataDir: string, history = { enabled: true }): Promise<{ gateway: TestGateway }> {
  const upstream = await startUpstream(async (exchange) => {
    if (exchange.target.startsWith('/gzip')) {
      return exchange.answer(gzipSync(events.join('')), { fields: { 'Content-Type': 'text/event-stream', 'Content-Encoding': 'gzip' } })
    }
    if (exchange.target.startsWith('/plain')) return exchange.answer('plain text')
    await exchange.chunked({ fields: { 'Content-Type': 'text/event-stream', 'Set-Cookie': 'session=of-a-secret-kind' } })
    for (const event of events) await exchange.chunk(event)
    exchange.end()
  })
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ history, routes: [routeTo(upstream.url)] }, { dataDir })
  onTestFinished(() => gateway.close())
  return { gateway }
}

/** All that a window can ask of an exchange. */
async function looksOf(gateway: TestGateway, { id, startedAt }: Exchange) {
  return {
    rows: await gateway.command('exchange.rows', { id, from: 0, to: 100 }),
    row: await gateway.command('exchange.row', { id, index: 3 }).catch(() => null),
    timeline: await gateway.command('exchange.timeline', { id, from: startedAt, to: startedAt + 1000, columns: 100 }),
    response: await gateway.command('exchange.body', { id, side: 'response', from: 0, to: 10_000 }),
    request: await gateway.command('exchange.body', { id, side: 'request', from: 0, to: 10_000 }),
    heads: await gateway.command('exchange.heads', { id }),
    timing: await gateway.command('exchange.timing', { id, columns: 20 }),
  }
}

test('exchanges are there again after a restart, with their rows, both clocks, heads and verdict', async () => {
  const folder = await openTempFolder()
  onTestFinished(() => folder.close())
  const { gateway: first } = await open(folder.path)
  const feed = await first.feed()
  await fetchWhole(`${first.url}/events?key=abcdefghijklmnop`, { method: 'POST', body: 'a question' })
  await fetchWhole(`${first.url}/gzip`)
  await fetchWhole(`${first.url}/plain`)
  await feed.until(({ history }) => history.exchanges === 3 && history.waiting === 0, 'all of them on disk')
  const before = feed.exchanges
  await first.command('exchange.pin', { id: before[1]?.id as ExchangeId, isPinned: true })
  const looks = await Promise.all(before.map((exchange) => looksOf(first, exchange)))
  await first.close()

  const { gateway: second } = await open(folder.path)
  const again = await second.feed()
  const restored = [...(await again.until(({ exchanges }) => exchanges.size === 3, 'the exchanges of the history')).exchanges.values()]
  expect(restored).toEqual(
    before.map((exchange, index) => ({ ...exchange, id: restored[index]?.id, origin: 'restored', isPinned: index === 1 })),
  )
  for (const [index, exchange] of restored.entries()) expect(await looksOf(second, exchange), exchange.target).toEqual(looks[index])
  // A live one comes after them, and a pinned one outlives a clear.
  await fetchWhole(`${second.url}/plain`)
  await again.exchange(({ origin, state }) => origin === 'live' && state === 'complete')
  expect(again.exchanges.map(({ origin }) => origin)).toEqual(['restored', 'restored', 'restored', 'live'])
  await again.until(({ history }) => history.exchanges === 4, 'the fourth on disk')
  await second.command('exchanges.clear', {})
  await again.until(({ exchanges }) => exchanges.size === 1)
  expect(again.exchanges[0]).toMatchObject({ target: '/gzip', isPinned: true })
  await second.close()

  // What was cleared from the list stays away from it, and is in the history all the same.
  const { gateway: third } = await open(folder.path)
  const last = await third.feed()
  await last.until(({ history, exchanges }) => history.exchanges === 4 && exchanges.size === 1, 'the pinned one alone')
  const { hits } = await third.command('history.search', { text: 'NUMBER 7 of', cursor: null })
  expect(hits).toMatchObject([
    { exchange: { target: '/gzip' }, row: 7, before: '', match: 'number 7 of', after: ' the stream', id: last.exchanges[0]?.id },
    { exchange: { method: 'POST', target: /^\/events\?key=/ }, row: 7, id: null },
  ])
  const listed = await third.command('history.list', { key: hits[1]?.key as never })
  expect((await third.command('exchange.rows', { id: listed, from: 7, to: 8 })).rows[0]?.preview).toBe('number 7 of the stream')
  await last.until(({ exchanges }) => exchanges.size === 2)
  expect([...last.view.exchanges.values()].map(({ id }) => id)).toEqual([listed, hits[0]?.id])
})

test('the messages of a WebSocket are there again, and are found', async () => {
  const upstream = await startSwitchingUpstream()
  onTestFinished(() => upstream.close())
  const folder = await openTempFolder()
  onTestFinished(() => folder.close())
  const config = { history: { enabled: true }, routes: [routeTo(upstream.url)] }
  const first = await startGateway(config, { dataDir: folder.path })
  onTestFinished(() => first.close())
  const feed = await first.feed()
  const tunnel = await upstream.open(first.url)
  const [up, down] = [frame({ opcode: 1, payload: 'a question', key: [7, 77, 177, 250] }), frame({ opcode: 1, payload: 'an answer' })]
  tunnel.client.socket.write(up)
  await tunnel.upstream.until(up.length)
  tunnel.upstream.socket.write(down)
  await tunnel.client.until(down.length)
  tunnel.client.socket.end()
  tunnel.upstream.socket.end()
  await feed.until(({ history }) => history.exchanges === 1, 'it on disk')
  const before = await first.command('exchange.rows', { id: feed.exchanges[0]?.id as ExchangeId, from: 0, to: 10 })
  expect(before.rows.map(({ preview }) => preview)).toEqual(['a question', 'an answer'])
  await first.close()

  const second = await startGateway(config, { dataDir: folder.path })
  onTestFinished(() => second.close())
  const again = await second.feed()
  await again.until(({ exchanges }) => exchanges.size === 1)
  const id = again.exchanges[0]?.id as ExchangeId
  expect(await second.command('exchange.rows', { id, from: 0, to: 10 })).toEqual(before)
  const { hits } = await second.command('history.search', { text: 'AN ANS', cursor: null })
  expect(hits).toMatchObject([{ id, row: 1, match: 'an ans', after: 'wer' }])
})

test('nothing is written while the history is off, and what is on disk is for its owner alone', async () => {
  const folder = await openTempFolder()
  onTestFinished(() => folder.close())
  const { gateway } = await open(folder.path, { enabled: false })
  const feed = await gateway.feed()
  await fetchWhole(`${gateway.url}/plain`)
  await feed.exchange(({ state }) => state === 'complete')
  expect(feed.view.history).toMatchObject({ state: 'off', fileBytes: 0, waiting: 0 })
  expect(await readdir(folder.path)).toEqual([])

  await gateway.command('history.set', { enabled: true, maxMiB: 512, maxDays: 14 })
  await feed.until(({ history }) => history.state === 'on')
  await fetchWhole(`${gateway.url}/plain`)
  await feed.until(({ history }) => history.exchanges === 1, 'the one that came since')
  const file = join(folder.path, 'history/history.sqlite')
  expect([(await stat(join(folder.path, 'history'))).mode & 0o777, (await stat(file)).mode & 0o777]).toEqual([0o700, 0o600])
  expect(feed.view.history).toMatchObject({ file, problem: null, missed: 0, keptAside: null })

  await gateway.command('history.set', { enabled: false, maxMiB: 512, maxDays: 14 })
  await feed.until(({ history }) => history.state === 'off')
  await fetchWhole(`${gateway.url}/plain`)
  await feed.until(({ exchanges }) => exchanges.size === 3)
  await gateway.command('history.set', { enabled: true, maxMiB: 512, maxDays: 14 })
  await feed.until(({ history }) => history.state === 'on' && history.exchanges === 1, 'what was kept before, and no more')
})
