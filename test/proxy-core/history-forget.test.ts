// Issue 4, item 9: what is forgotten is gone from the file, its logs and its index, not only from the list.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Exchange, ExchangeId } from '../../proxy-core/contract/exchange.ts'
import type { HistoryKey } from '../../proxy-core/contract/history.ts'
import { HistoryDatabase } from '../../proxy-core/history/history-database.ts'
import { storeParts } from '../../proxy-core/history/stored-parts.ts'
import { noHeads } from '../../proxy-core/exchange-record.ts'
import { LiveExchange } from '../../proxy-core/live-exchange.ts'
import { fetchWhole } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { openTempFolder } from '../support/temp.ts'
import { startUpstream } from '../support/upstream.ts'

const marker = 'Qzxw-Vbnk-Yuiq'

/** Where in a folder a text stands, in bytes or in the index's lower case. */
async function placesOf(folder: string, text: string): Promise<readonly string[]> {
  const names = await readdir(folder)
  const found = await Promise.all(
    names.map(async (name) => {
      const bytes = (await readFile(join(folder, name))).toString('latin1').toLowerCase()
      return bytes.includes(text.toLowerCase()) ? [name] : []
    }),
  )
  return found.flat()
}

/** How many terms like this one the index of a closed history has. */
function trigramsOf(folder: string, like: string): number {
  const database = new DatabaseSync(join(folder, 'history.sqlite'))
  database.exec(`CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'words', 'row')`)
  const [row] = database.prepare('SELECT count(*) AS terms FROM terms WHERE term LIKE ?').all(like)
  database.close()
  return Number(row?.['terms'])
}

async function start() {
  const upstream = await startUpstream(async (exchange) => {
    const word = exchange.target.startsWith('/secret') ? marker : 'harmless'
    await exchange.eventStream({ 'X-Word': word })
    for (let index = 0; index < 30; index++) {
      await exchange.chunk(`id: ${word}-${index}\nevent: ${word}\ndata: ${'text '.repeat(60)}${word} ${index} ${exchange.target}\n\n`)
    }
    await exchange.endChunks()
  })
  onTestFinished(() => upstream.close())
  const folder = await openTempFolder()
  onTestFinished(() => folder.close())
  const gateway = await startGateway({ history: { enabled: true }, routes: [routeTo(upstream.url)] }, { dataDir: folder.path })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  for (let round = 0; round < 12; round++) {
    await fetchWhole(`${gateway.url}/other/${round}`)
    if (round % 4 === 1) await fetchWhole(`${gateway.url}/secret/${marker}/${round}`, { method: 'POST', body: `asks ${marker}` })
  }
  await feed.until(({ history }) => history.exchanges === 15 && history.waiting === 0, 'all of them on disk')
  const secret = feed.exchanges.filter(({ target }) => target.startsWith('/secret'))
  return { gateway, feed, secret, folder: join(folder.path, 'history') }
}

test('forgotten exchanges leave no byte in the file, its logs and its index; the others stay', async () => {
  const { gateway, feed, secret, folder } = await start()
  expect(await placesOf(folder, marker)).not.toEqual([])
  expect((await gateway.command('history.search', { text: marker, cursor: null })).hits.length).toBeGreaterThan(0)
  await gateway.command('exchange.pin', { id: secret[0]?.id as never, isPinned: true })

  await gateway.command('history.forget', { ids: secret.map(({ id }) => id) })
  expect(await placesOf(folder, marker)).toEqual([])
  expect(await gateway.command('history.search', { text: marker, cursor: null })).toEqual({ hits: [], cursor: null })
  await feed.until(({ exchanges, history }) => exchanges.size === 12 && history.exchanges === 12, 'the others alone')
  expect((await gateway.command('history.search', { text: 'harmless 29', cursor: null })).hits).toHaveLength(12)
  await gateway.close()
  expect([trigramsOf(folder, 'qzx'), trigramsOf(folder, 'har')]).toEqual([0, 1])
})

test('forgetting all leaves nothing, on or off, and what comes later is kept again', async () => {
  const { gateway, feed, secret, folder } = await start()
  await gateway.command('history.forgetAll')
  expect(await placesOf(folder, 'harmless')).toEqual([])
  expect(await placesOf(folder, marker)).toEqual([])
  await feed.until(({ history }) => history.exchanges === 0, 'an empty history')
  // What came since the start is still here to be looked at.
  expect(feed.exchanges).toHaveLength(15)
  expect((await gateway.command('exchange.rows', { id: secret[0]?.id as never, from: 0, to: 1 })).total).toBe(30)

  await fetchWhole(`${gateway.url}/other/later`)
  await feed.until(({ history }) => history.exchanges === 1, 'a new one')
  await gateway.command('history.set', { enabled: false, maxMiB: 512, maxDays: 14 })
  await feed.until(({ history }) => history.state === 'off' && history.fileBytes > 0)
  await gateway.command('history.forgetAll')
  await feed.until(({ history }) => history.fileBytes === 0, 'no file')
  expect((await readdir(folder)).filter((name) => name.includes('sqlite'))).toEqual([])
})

test('an exchange that is open is not forgotten, and one that nobody knows is refused', async () => {
  const upstream = await startUpstream((exchange) => exchange.eventStream())
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ history: { enabled: true }, routes: [routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  void fetch(gateway.url).catch(() => undefined)
  const { id } = await feed.exchange(({ status }) => status === 200)
  await expect(gateway.command('history.forget', { ids: [id] })).rejects.toMatchObject({ code: 'invalid-input', message: /is open/ })
  await expect(gateway.command('history.forget', { ids: [99 as never] })).rejects.toMatchObject({ code: 'exchange-not-found' })
  await expect(gateway.command('history.list', { key: 99 as never })).rejects.toMatchObject({ code: 'exchange-not-found' })
})

describe.each(['node', 'wasm'] as const)('a database of the %s engine', (engine) => {
  test('keeps, finds and really forgets', async () => {
    const folder = await openTempFolder()
    onTestFinished(() => folder.close())
    const file = folder.file('history.sqlite')
    const database = await HistoryDatabase.open(file, engine)
    const body = async (text: string) => {
      const bytes = Buffer.from(text.repeat(50))
      return storeParts({ of: text }, [[1, 2]], [{ ends: [bytes.length], stretches: [bytes] }])
    }
    for (let key = 1; key <= 40; key++) {
      const text = key % 2 === 0 ? marker : `kept number ${key}`
      const stored = { key: key as HistoryKey, exchange: { ...exchangeOf(key), target: `/${text}` }, heads: noHeads }
      database.save(stored, { request: null, response: await body(text), messages: null }, [
        { firstRow: 0, endRow: 1, text: text.toLowerCase() },
      ])
    }
    database.commit()
    expect(database.blocks('"qzx" AND "zxw"', Number.MAX_SAFE_INTEGER, 100)).toHaveLength(20)
    database.remove(Array.from({ length: 20 }, (_, index) => (index * 2 + 2) as HistoryKey))
    for (let begins = true; !database.tidyIndex(begins); begins = false);
    database.clean()
    expect(await placesOf(folder.path, marker)).toEqual([])
    expect(database.blocks('"qzx"', Number.MAX_SAFE_INTEGER, 100)).toEqual([])
    expect(database.blocks('"kep"', Number.MAX_SAFE_INTEGER, 100)).toHaveLength(20)
    database.close()

    const again = await HistoryDatabase.open(file, engine)
    expect([again.nextKey, again.counts()]).toEqual([40, { exchanges: 20, oldestAt: exchangeOf(1).startedAt }])
    expect(again.content(7 as HistoryKey)).toMatchObject({ exchange: { target: '/kept number 7' }, request: null, messages: null })
    expect(again.content(7 as HistoryKey)?.response?.parts[0]?.[0]).toEqual(new Uint8Array(Buffer.from('kept number 7'.repeat(50))))
    expect(again.content(8 as HistoryKey)).toBeNull()
    again.close()
  })
})

function exchangeOf(number: number): Exchange {
  const start = { method: 'GET', target: '/', host: 'localhost', httpVersion: '1.1', client: '127.0.0.1' }
  const journal = { emit: () => undefined, touch: () => undefined }
  return { ...new LiveExchange(number as ExchangeId, start, { route: null, activity: null, journal }).view(), startedAt: number * 1000 }
}
