// Issue 4, item 9: kill -9 at any moment leaves a history that opens and holds all that ended more than a second before.
import { writeFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import { startSluice } from '../support/sluice.ts'
import { openTempFolder } from '../support/temp.ts'
import { startUpstream } from '../support/upstream.ts'

const lives = 3
const killsEach = 7
/** What ended so long before the kill has to be there. */
const promisedMs = 1000

/** One folder whose gateway is killed again and again; returns the targets that must be in its history. */
async function live(name: string, folder: string, upstreamUrl: string): Promise<readonly string[]> {
  const config = `${folder}/sluice.yaml`
  const route = { id: 'all', match: { path: '/*' }, upstream: { url: upstreamUrl } }
  await writeFile(config, JSON.stringify({ version: 1, listen: ['127.0.0.1:0'], history: { enabled: true }, routes: [route] }))
  const promised: string[] = []
  for (let kill = 0; kill < killsEach; kill++) {
    const sluice = startSluice('serve', '--config', config, '--json', '--data', folder)
    onTestFinished(() => sluice.close('SIGKILL'))
    const { url } = await sluice.line('listening')
    await sluice.line('history-open')
    const ended: { target: string; at: number }[] = []
    const killAt = performance.now() + 100 + Math.random() * 1600
    const client = async (number: number): Promise<void> => {
      for (let count = 0; performance.now() < killAt; count++) {
        const target = `/${name}-${kill}-${number}-${count}`
        try {
          await (await fetch(String(url) + target)).text()
          ended.push({ target, at: performance.now() })
        } catch {
          return
        }
      }
    }
    const clients = [client(1), client(2), client(3)]
    await new Promise((resolve) => setTimeout(resolve, killAt - performance.now()))
    const killedAt = performance.now()
    await sluice.close('SIGKILL')
    await Promise.all(clients)
    promised.push(...ended.filter(({ at }) => killedAt - at > promisedMs).map(({ target }) => target))
    expect(missing(folder, promised), `life ${name}, kill ${kill}`).toEqual({ isWhole: true, missing: [] })
  }
  return promised
}

/** Opens the file as it was left. */
function missing(folder: string, promised: readonly string[]): { isWhole: boolean; missing: readonly string[] } {
  const file = `${folder}/history/history.sqlite`
  const database = new DatabaseSync(file)
  const isWhole = database.prepare('PRAGMA integrity_check').all()[0]?.['integrity_check'] === 'ok'
  const rows = database.prepare(`SELECT exchange ->> 'target' AS target FROM exchanges`).all()
  const kept = new Set(rows.map(({ target }) => target))
  database.close()
  return { isWhole, missing: promised.filter((target) => !kept.has(target)) }
}

test('a gateway that is killed twenty times under load keeps all that ended more than a second before', async () => {
  const upstream = await startUpstream(async (exchange) => {
    await exchange.eventStream()
    for (let index = 0; index < 5; index++) await exchange.chunk(`id: ${index}\ndata: of ${exchange.target}, ${'x'.repeat(400)}\n\n`)
    await exchange.endChunks()
  })
  onTestFinished(() => upstream.close())
  const folders = await Promise.all(Array.from({ length: lives }, () => openTempFolder()))
  onTestFinished(async () => void (await Promise.all(folders.map((folder) => folder.close()))))
  const promised = await Promise.all(folders.map(({ path }, index) => live(`life${index}`, path, upstream.url)))
  // Enough of the kills came late enough to say something.
  expect(promised.flat().length).toBeGreaterThan(50)

  // And a gateway that starts on what was left shows them, whole.
  const gateway = await startGateway({ history: { enabled: true } }, { dataDir: folders[0]?.path as string })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  const wanted = promised[0] ?? []
  const targets = (): Set<string> => new Set(feed.exchanges.map(({ target }) => target))
  await feed.until(() => wanted.every((target) => targets().has(target)), 'what was kept in all lives')
  const last = feed.exchanges.find(({ target }) => target === wanted.at(-1))
  expect(last).toMatchObject({ origin: 'restored', state: 'complete', events: 5, leftRows: 5 })
  const { rows } = await gateway.command('exchange.rows', { id: last?.id as never, from: 0, to: 10 })
  expect(rows.map(({ preview }) => preview.split(',')[0])).toEqual(Array(5).fill(`of ${wanted.at(-1)}`))
}, 120_000)
