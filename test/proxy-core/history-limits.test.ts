// Issue 4, item 9: the history keeps to its limits; the oldest that are not pinned go first.
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { fetchWhole } from '../support/client.ts'
import { routeTo, startGateway, type TestGateway } from '../support/gateway.ts'
import { openTempFolder } from '../support/temp.ts'
import { startUpstream } from '../support/upstream.ts'

const mebibyte = 1_048_576

async function start(settings: { maxMiB?: number; maxDays?: number } = {}) {
  const upstream = await startUpstream((exchange) => {
    const [, mebibytes = '0', word = ''] = exchange.target.split('/')
    return exchange.answer(`${word} `.padEnd(Math.max(1, Number(mebibytes) * mebibyte), 'abcdefghijklmnopqrstuvwxyz '))
  })
  onTestFinished(() => upstream.close())
  const folder = await openTempFolder()
  onTestFinished(() => folder.close())
  const open = async (): Promise<TestGateway> => {
    const gateway = await startGateway(
      { history: { enabled: true, ...settings }, routes: [routeTo(upstream.url)] },
      { dataDir: folder.path },
    )
    onTestFinished(() => gateway.close())
    return gateway
  }
  return { open, file: join(folder.path, 'history/history.sqlite') }
}

test('a file that grows too large loses its oldest exchanges, and never the pinned', async () => {
  const { open, file } = await start({ maxMiB: 16 })
  const gateway = await open()
  const feed = await gateway.feed()
  const call = async (number: number): Promise<void> => {
    await fetchWhole(`${gateway.url}/2/number${number}`)
    await feed.until(({ history, exchanges }) => history.waiting === 0 && exchanges.size >= number, `number ${number}`)
    await feed.until(({ history }) => history.exchanges > 0)
  }
  await call(1)
  await gateway.command('exchange.pin', { id: 1 as ExchangeId, isPinned: true })
  for (let number = 2; number <= 14; number++) await call(number)
  await feed.until(({ history }) => history.exchanges < 9 && history.exchanges > 4, 'fewer than were written')
  expect((await stat(file)).size).toBeLessThanOrEqual(17 * mebibyte)
  const hitsOf = async (number: number): Promise<number> =>
    (await gateway.command('history.search', { text: `number${number} `, cursor: null })).hits.length
  expect([await hitsOf(1), await hitsOf(2), await hitsOf(14)]).toEqual([1, 0, 1])
  // What came since the start can be looked at as before.
  expect(feed.exchanges).toHaveLength(14)

  // A smaller limit acts at once; what the limits take of a history leaves the list.
  await gateway.close()
  const again = await open()
  const list = await again.feed()
  await list.until(({ exchanges, history }) => exchanges.size > 4 && exchanges.size === history.exchanges, 'what was kept')
  expect(list.exchanges[0]).toMatchObject({ origin: 'restored', target: '/2/number1', isPinned: true })
  const before = list.exchanges.map(({ target }) => target)
  await fetchWhole(`${again.url}/8/large`)
  await list.until(({ exchanges }) => !exchanges.has(list.exchanges[1]?.id as never) || exchanges.size < before.length, 'a smaller list')
  await list.until(({ history }) => history.waiting === 0)
  expect(list.exchanges[0]?.target).toBe('/2/number1')
  expect(list.exchanges.map(({ target }) => target)).not.toContain(before[1])
})

test('what is too old is forgotten at the start, unless it is pinned', async () => {
  const { open, file } = await start({ maxDays: 2 })
  const first = await open()
  const feed = await first.feed()
  for (const word of ['old', 'pinned', 'young']) await fetchWhole(`${first.url}/0/${word}`)
  await feed.until(({ history }) => history.exchanges === 3, 'three on disk')
  await first.command('exchange.pin', { id: 2 as ExchangeId, isPinned: true })
  await first.close()
  const database = new DatabaseSync(file)
  database.exec(`UPDATE exchanges SET endedAt = endedAt - ${3 * 86_400_000} WHERE exchange ->> 'target' <> '/0/young'`)
  database.close()

  const second = await open()
  const again = await second.feed()
  await again.until(({ exchanges }) => exchanges.size === 2, 'two of them')
  expect(again.exchanges.map(({ target }) => target)).toEqual(['/0/pinned', '/0/young'])
})
