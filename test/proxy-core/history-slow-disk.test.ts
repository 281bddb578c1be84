// Issue 4, item 9: a slow or full disk delays nothing; what could not be written waits, and is told.
import { execFileSync } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import type { HistoryKey } from '../../proxy-core/contract/history.ts'
import type { ExchangeStore } from '../../proxy-core/exchange-store.ts'
import type { HistoryLink } from '../../proxy-core/history/history-link.ts'
import { HistoryWriter } from '../../proxy-core/history/history-writer.ts'
import { fetchWhole, request } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { openTempFolder } from '../support/temp.ts'
import { startUpstream } from '../support/upstream.ts'

const isRoot = process.platform === 'linux' && process.getuid?.() === 0

test('while the disk does not answer every event goes through, and what ended is written when it does again', async () => {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const folder = await openTempFolder()
  onTestFinished(() => folder.close())
  const historyThread = new URL('./support/stuck-history-thread.ts', import.meta.url)
  const gateway = await startGateway(
    { history: { enabled: true }, routes: [routeTo(upstream.url)] },
    { dataDir: folder.path, historyThread },
  )
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  await feed.until(({ history }) => history.state === 'on')
  await writeFile(folder.file('stuck'), '')

  for (let round = 1; round <= 3; round++) {
    const responding = request(gateway.url)
    const exchange = await upstream.next()
    await exchange.eventStream()
    const response = await responding
    // Each event is sent when the client has the one before.
    for (let index = 1; index <= 40; index++) {
      await exchange.chunk(`data: ${String(index).padStart(4, '0')}\n\n`)
      await response.waitForBytes(index * 12)
    }
    await exchange.endChunks()
    await response.readAll()
  }
  await feed.until(({ history }) => history.waiting === 3, 'three that wait')
  expect(feed.view.history).toMatchObject({ exchanges: 0, missed: 0 })
  await rm(folder.file('stuck'))
  await feed.until(({ history }) => history.waiting === 0 && history.exchanges === 3, 'all of them on disk')
})

test('a gateway whose history is stuck closes all the same', async () => {
  const upstream = await startUpstream((exchange) => exchange.answer('answer'))
  onTestFinished(() => upstream.close())
  const folder = await openTempFolder()
  onTestFinished(() => folder.close())
  await writeFile(folder.file('stuck'), '')
  onTestFinished(() => rm(folder.file('stuck'), { force: true }))
  const historyThread = new URL('./support/stuck-history-thread.ts', import.meta.url)
  const gateway = await startGateway(
    { history: { enabled: true }, routes: [routeTo(upstream.url)] },
    { dataDir: folder.path, historyThread },
  )
  const feed = await gateway.feed()
  expect((await fetchWhole(gateway.url)).status).toBe(200)
  expect(feed.view.history.state).toBe('opening')
  await gateway.close()
})

test('a full disk is told and costs no byte; what could not be written is when there is room again', async () => {
  if (!isRoot) return void process.stdout.write('left out: a small tmpfs can be mounted by root on Linux alone\n')
  const upstream = await startUpstream((exchange) => exchange.answer('x'.repeat(300_000)))
  onTestFinished(() => upstream.close())
  const folder = await openTempFolder()
  onTestFinished(() => folder.close())
  const disk = folder.file('history')
  await mkdir(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk])
  onTestFinished(() => void execFileSync('umount', ['-l', disk]))
  const gateway = await startGateway({ history: { enabled: true }, routes: [routeTo(upstream.url)] }, { dataDir: folder.path })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  for (let count = 0; count < 10; count++) expect((await fetchWhole(gateway.url)).byteCount).toBe(300_000)
  const { history } = await feed.until((view) => view.history.problem !== null, 'the reason')
  expect(history).toMatchObject({ state: 'on', missed: 0, problem: { code: 'history-failed', message: /^The disk is full/ } })
  expect(history.waiting).toBeGreaterThan(0)

  execFileSync('mount', ['-o', 'remount,size=64m', disk])
  await feed.until((view) => view.history.waiting === 0 && view.history.exchanges === 10, 'all of them on disk', 15_000)
  await feed.until((view) => view.history.problem === null, 'no reason any more')
})

test('what is forgotten in memory before it could be written is counted', () => {
  const store = { has: () => false } as unknown as ExchangeStore
  const writer = new HistoryWriter({ store, keyOf: (id) => Number(id) as HistoryKey, changed: () => undefined })
  for (let id = 1; id <= 3; id++) writer.add(id as ExchangeId)
  expect([writer.waiting, writer.missed]).toEqual([3, 0])
  writer.connect({ post: () => undefined } as unknown as HistoryLink)
  expect([writer.waiting, writer.missed]).toEqual([0, 3])
})
