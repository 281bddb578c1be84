// QUALITY F, issue 3: a full disk or a temporary file that fails costs no byte: the upstream waits, and the exchange says why.
// What a killed gateway left behind goes at the next start.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readdir, readlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { removeStaleSpools } from '../../proxy-core/stale-spools.ts'
import { request } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { openTempFolder } from '../support/temp.ts'
import { startUpstream } from '../support/upstream.ts'
import { fillUntilStuck } from './support/fill.ts'

const isRoot = process.platform === 'linux' && process.getuid?.() === 0
const temporary = process.env['TMPDIR']
afterEach(() => {
  if (temporary === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = temporary
})

/** Opens a response that is held as a whole, whose temporary file goes to that folder. */
async function hold(folder: string | null) {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const buffering = { response: 'on', holdBytes: null, memoryBytes: 65_536 } as const
  const gateway = await startGateway({ routes: [routeTo(upstream.url, { buffering })] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  if (folder !== null) process.env['TMPDIR'] = folder
  const responding = request(gateway.url)
  const exchange = await upstream.next()
  await exchange.chunked()
  const response = await responding
  feed.look([1 as ExchangeId])
  return { gateway, feed, exchange, response }
}

test('a full disk costs no byte: the upstream waits for the client, and the exchange says why', async () => {
  if (!isRoot) return void process.stdout.write('left out: a small tmpfs can be mounted by root on Linux alone\n')
  const folder = await openTempFolder()
  onTestFinished(() => folder.close())
  const disk = folder.file('disk')
  await mkdir(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk])
  onTestFinished(() => void execFileSync('umount', ['-l', disk]))

  const { feed, exchange, response } = await hold(disk)
  response.client.pause()
  const sent = await fillUntilStuck(exchange, 64_000_000)
  expect(sent.length, 'the upstream has to wait').toBeLessThan(64_000_000)
  const { spoolError, state } = await feed.exchange((one) => one.spoolError !== undefined)
  expect(spoolError).toMatch(/^The disk for temporary files is full \(ENOSPC\)/)
  expect(state).toBe('open')
  response.client.resume()
  exchange.end()
  expect((await response.readAll(20_000)).equals(sent)).toBe(true)
  expect(response.isDestroyedEarly).toBe(false)
  const ended = await feed.exchange((one) => one.state === 'complete')
  expect([ended.leftBytes, ended.spoolError]).toEqual([sent.length, spoolError])
})

test('a folder that takes no temporary file costs no byte either', async () => {
  const { feed, exchange, response } = await hold('/nowhere/that/exists')
  response.client.pause()
  const sent = await fillUntilStuck(exchange, 64_000_000)
  expect(sent.length).toBeLessThan(64_000_000)
  expect((await feed.exchange((one) => one.spoolError !== undefined)).spoolError).toMatch(/cannot be written \(ENOENT\)/)
  response.client.resume()
  exchange.end()
  expect((await response.readAll(20_000)).equals(sent)).toBe(true)
  expect(response.isDestroyedEarly).toBe(false)
})

test('a temporary file that cannot be read back cuts the response where it was, never in silence', async () => {
  if (process.platform !== 'linux') return void process.stdout.write('left out: an unlinked file can be reached on Linux alone\n')
  const { feed, exchange, response } = await hold(null)
  const body = randomFillSync(Buffer.alloc(3_000_000))
  await exchange.chunk(body)
  await feed.exchange((one) => one.heldBytes === body.length)
  const descriptors = await readdir('/proc/self/fd')
  for (const descriptor of descriptors) {
    const path = join('/proc/self/fd', descriptor)
    if ((await readlink(path).catch(() => '')).includes('sluice-spool-')) await truncate(path, 500_000)
  }
  exchange.end()
  const got = await response.readAll()
  expect(got.length).toBeLessThan(body.length)
  expect(got.equals(body.subarray(0, got.length))).toBe(true)
  expect(response.isDestroyedEarly).toBe(true)
  const { state, error } = await feed.exchange((one) => one.state !== 'open')
  expect([state, error?.message]).toEqual(['failed', 'Held bytes could not be read back from the temporary file.'])
})

test('what a killed process left behind goes at the next start, and what a living one uses stays', async () => {
  const folder = await openTempFolder()
  onTestFinished(() => folder.close())
  const living = sleeper()
  onTestFinished(() => void living.kill('SIGKILL'))
  const killed = sleeper()
  killed.kill('SIGKILL')
  await once(killed, 'exit')
  const name = (processId: number | undefined, id: string): string => `sluice-spool-${String(processId)}-${id}`
  const stale = name(killed.pid, '0123456789abcdef')
  const kept = [name(living.pid, '0123456789abcdef'), name(process.pid, 'fedcba9876543210'), name(killed.pid, 'notes.txt'), 'other.txt']
  for (const one of [stale, ...kept]) await writeFile(folder.file(one), 'held')
  process.env['TMPDIR'] = folder.path
  const gateway = await startGateway()
  const left = await readdir(folder.path)
  await gateway.close()
  expect(left).not.toContain(stale)
  expect(left).toEqual(expect.arrayContaining(kept))
  await expect(removeStaleSpools(folder.file('no such folder'))).resolves.toBeUndefined()
})

function sleeper(): ChildProcess {
  return spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
}
