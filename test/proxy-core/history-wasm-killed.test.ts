// Issue 4, item 9, where Node has no SQLite of its own: what was made last is there after a kill -9, and nobody is locked out by it.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openHistory } from '../../proxy-core/history/history-file.ts'
import { startChild } from '../support/child.ts'
import { openTempFolder } from '../support/temp.ts'

const core = (name: string): string => JSON.stringify(new URL(`../../proxy-core/${name}`, import.meta.url).href)

/** Writes one exchange after another, and says the number of each when it is made last. */
const script = `
  const { openHistory } = await import(${core('history/history-file.ts')})
  const { storeParts } = await import(${core('history/stored-parts.ts')})
  const { database } = await openHistory(process.argv[1], 'wasm')
  const bytes = Buffer.alloc(20000, 'text ')
  for (let key = database.nextKey; ; key++) {
    const response = await storeParts({}, [], [{ ends: [bytes.length], stretches: [bytes] }])
    const heads = { requestReceived: [], requestSent: [], responseReceived: [], responseSent: [] }
    const exchange = { target: '/' + key, startedAt: key, endedAt: key, isPinned: false }
    database.save({ key, exchange, heads }, { request: null, response, messages: null }, [{ firstRow: 0, endRow: 1, text: 'text ' + key }])
    database.commit()
    process.stdout.write(key + '\\n')
  }`

/** Opens what was left in a process of its own, as a gateway that starts does, and says what is there. */
const opening = `
  const { openHistory, leaveHistory } = await import(${core('history/history-file.ts')})
  const { database, keptAside } = await openHistory(process.argv[1], 'wasm')
  const { nextKey } = database
  const target = database.content(Number(process.argv[2]))?.exchange.target
  database.close()
  leaveHistory(process.argv[1])
  process.stdout.write(JSON.stringify({ keptAside, nextKey, target }))`

test('a history of the WebAssembly engine opens after each of eight kills, with all that was made last', async () => {
  const folder = await openTempFolder()
  onTestFinished(() => folder.close())
  for (let kill = 0; kill < 8; kill++) {
    const child = startChild(process.execPath, ['--input-type=module', '--eval', script, folder.path])
    await Promise.race([new Promise((resolve) => child.process.stdout?.once('data', resolve)), child.exited])
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 150))
    await child.close('SIGKILL')
    const last = Number(child.output().trim().split('\n').at(-1))
    const next = startChild(process.execPath, ['--input-type=module', '--eval', opening, folder.path, String(last)])
    await next.exited
    const found = JSON.parse(next.output()) as { keptAside: string | null; nextKey: number; target: string }
    expect(found, child.output().slice(-200)).toMatchObject({ keptAside: null, target: `/${last}` })
    expect(found.nextKey).toBeGreaterThan(last)
  }
}, 60_000)

test('a history that another gateway has open is refused until that has ended', async () => {
  const folder = await openTempFolder()
  onTestFinished(() => folder.close())
  const other = startChild(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  onTestFinished(() => other.close('SIGKILL'))
  await mkdir(folder.path, { recursive: true })
  await writeFile(join(folder.path, 'owner'), String(other.pid))
  await expect(openHistory(folder.path, 'wasm')).rejects.toThrow('in use')
  await other.close('SIGKILL')
  const { database } = await openHistory(folder.path, 'wasm')
  database.close()
})
