// Issue 4, item 9: a history that can't be read, is of a newer version or in use never keeps the gateway from starting, and says so.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { fetchWhole } from '../support/client.ts'
import { routeTo, startGateway, type TestGateway } from '../support/gateway.ts'
import { openTempFolder } from '../support/temp.ts'
import { startUpstream } from '../support/upstream.ts'

async function start() {
  const upstream = await startUpstream((exchange) => exchange.answer('data: of the stream\n\n'))
  onTestFinished(() => upstream.close())
  const folder = await openTempFolder()
  onTestFinished(() => folder.close())
  const open = async (): Promise<TestGateway> => {
    const gateway = await startGateway({ history: { enabled: true }, routes: [routeTo(upstream.url)] }, { dataDir: folder.path })
    onTestFinished(() => gateway.close())
    return gateway
  }
  return { open, folder: join(folder.path, 'history'), file: join(folder.path, 'history/history.sqlite') }
}

/** It keeps what comes, and put the file aside that it found. */
async function expectNewBegun(gateway: TestGateway): Promise<string> {
  const feed = await gateway.feed()
  const { history } = await feed.until((view) => view.history.state === 'on', 'an open history')
  expect(history).toMatchObject({ problem: null, keptAside: /^history-.*\.sqlite$/ })
  await fetchWhole(gateway.url)
  await feed.until((view) => view.history.exchanges === 1, 'the new one')
  return String(history.keptAside)
}

test('garbage is put aside as it is, and a new history is begun', async () => {
  const { open, folder, file } = await start()
  await mkdir(folder)
  await writeFile(file, 'this is not a database, and never was one'.repeat(500))
  const name = await expectNewBegun(await open())
  expect(await readFile(join(folder, name), 'utf8')).toMatch(/^this is not a database/)
})

test('a history of a newer version is put aside, whole', async () => {
  const { open, folder, file } = await start()
  await mkdir(folder)
  const newer = new DatabaseSync(file)
  newer.exec('CREATE TABLE thoughts (thought TEXT); INSERT INTO thoughts VALUES (42); PRAGMA user_version = 99')
  newer.close()
  const name = await expectNewBegun(await open())
  const kept = new DatabaseSync(join(folder, name))
  expect(kept.prepare('SELECT thought FROM thoughts').all()).toEqual([{ thought: '42' }])
  kept.close()
})

test('a history that breaks while it is open is put aside, and the gateway goes on with a new one', async () => {
  const { open, folder, file } = await start()
  const first = await open()
  const feed = await first.feed()
  for (let count = 0; count < 30; count++) await fetchWhole(first.url)
  await feed.until(({ history }) => history.exchanges === 30)
  await first.close()
  const bytes = await readFile(file)
  // Its head is in order, its pages are not.
  await writeFile(file, Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 0x5a)]))
  await expectNewBegun(await open())
  expect((await readdir(folder)).filter((name) => /^history-.*\.sqlite$/.test(name))).toHaveLength(1)
})

test('a second gateway on the same folder says that the history is in use, and works all the same', async () => {
  const { open } = await start()
  const first = await open()
  await (await first.feed()).until(({ history }) => history.state === 'on')
  const second = await open()
  const feed = await second.feed()
  const { history } = await feed.until((view) => view.history.state === 'failed', 'a refusal')
  expect(history.problem).toMatchObject({ code: 'history-failed', message: /^Another Sluice that runs keeps its history in this file/ })
  await fetchWhole(second.url)
  await feed.exchange(({ state }) => state === 'complete')
  await expect(second.command('history.search', { text: 'stream', cursor: null })).rejects.toMatchObject({ code: 'history-failed' })
  // When the first is over, the second takes it up, with what waited.
  await first.close()
  await feed.until((view) => view.history.state === 'on' && view.history.exchanges === 1, 'the one that waited', 15_000)
})

test('a folder that can not be made is told, and nothing else is the matter', async () => {
  const { open, folder } = await start()
  await writeFile(folder, 'a file stands where the folder would be')
  const gateway = await open()
  const feed = await gateway.feed()
  const { history } = await feed.until((view) => view.history.state === 'failed', 'a refusal')
  expect(history.problem?.message).toMatch(/^The disk refuses the history. \(E/)
  expect((await fetchWhole(gateway.url)).status).toBe(200)
})
