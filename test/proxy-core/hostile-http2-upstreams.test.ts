// QUALITY H1, F1: frames of an upstream that HTTP/2 forbids harm their own exchanges alone, never the gateway.
import { writeFile } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { RouteInput } from '../../proxy-core/contract/route.ts'
import { residentBytes } from '../bench/process-cost.ts'
import { Random } from '../soak/random.ts'
import { fetchWhole, openClient } from '../support/client.ts'
import { routeTo } from '../support/gateway.ts'
import { startSluice, type Sluice } from '../support/sluice.ts'
import { openTempFolder } from '../support/temp.ts'
import { startUpstream } from '../support/upstream.ts'
import { startHostileHttp2Upstream } from './support/hostile-http2-upstream.ts'
import { spanOf } from './support/measure.ts'
import { StreamBeside } from './support/stream-beside.ts'

const runMs = 5000
const clientsAtOnce = 24
const longestStaysMs = [5, 20, 200]
const mostResidentBytes = 1_000_000_000
const seed = Number(process.env['SLUICE_SEED'] ?? Date.now() % 1_000_000)

const bufferings: readonly RouteInput['buffering'][] = [
  { response: 'off' },
  { response: 'auto' },
  { response: 'on', holdBytes: null },
  { response: 'on', holdBytes: 20 },
  { response: 'on', holdBytes: null, holdMs: 20 },
  { response: 'on', holdBytes: null, memoryBytes: 16_384, spoolBytes: 0, holdHead: true },
]

const requests = [
  'GET /PATH HTTP/1.1\r\nHost: localhost\r\nTE: trailers\r\n\r\n',
  'GET /PATH HTTP/1.0\r\nHost: localhost\r\n\r\n',
  'HEAD /PATH HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'POST /PATH HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello',
  'POST /PATH HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\nhello',
  'POST /PATH HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  'POST /PATH HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n',
]

test(`frames at random from an upstream neither stop the gateway nor leave an exchange open (SLUICE_SEED=${String(seed)})`, async () => {
  const hostile = await startHostileHttp2Upstream(new Random(seed))
  const beside = new StreamBeside()
  const plain = await startUpstream((exchange) => (exchange.target === '/stream' ? beside.serve(exchange) : exchange.answer('fresh')))
  onTestFinished(() => plain.close())
  const routes = bufferings.map((buffering, index) => ({
    id: `hostile-${String(index)}`,
    match: { path: `/hostile/${String(index)}` },
    upstream: { ...hostile, headTimeoutMs: 300, idleTimeoutMs: 50 },
    buffering,
  }))
  const { sluice, url } = await serve([...routes, routeTo(plain.url)])
  await Promise.race([tooMuchMemory(sluice), visitAndEnd(sluice, url, beside)])
}, 60_000)

/** Has many clients come and go beside a stream, and proves that nothing of them is left. */
async function visitAndEnd(sluice: Sluice, url: string, beside: StreamBeside): Promise<void> {
  await beside.open(url)
  const startedAt = performance.now()
  // All take one route at a time: what goes wrong needs many streams on one connection.
  const routeNow = (): number => Math.floor(((performance.now() - startedAt) / runMs) * bufferings.length)
  const clients = Array.from({ length: clientsAtOnce }, async (_, index) => {
    const random = new Random(seed + 1 + index)
    for (let route = 0; route < bufferings.length && !hasEnded(sluice); route = routeNow())
      await visit(`${url}/hostile/${String(route)}`, random)
  })
  await Promise.allSettled(clients)
  expect([sluice.process.exitCode, sluice.process.signalCode, sluice.stderr()]).toEqual([null, null, ''])
  await Promise.all(clients)
  expect((await fetchWhole(`${url}/fresh`)).text).toBe('fresh')
  await beside.close()
  await expect.poll(() => unended(sluice), { timeout: 10_000 }).toEqual([])

  const ended = exchanges(sluice)
  expect(ended.filter(({ error }) => error === 'internal')).toEqual([])
  const states = new Set(ended.filter(({ route }) => route !== 'all').map(({ state }) => state))
  expect(states).toEqual(new Set(['complete', 'failed', 'aborted']))
  sluice.signal('SIGTERM')
  expect(await sluice.line('stopping')).toMatchObject({ openExchanges: 0 })
  expect(await sluice.exited).toBe(0)
}

async function serve(routes: readonly RouteInput[]): Promise<{ sluice: Sluice; url: string }> {
  const folder = await openTempFolder()
  const file = folder.file('sluice.yaml')
  await writeFile(file, JSON.stringify({ version: 1, listen: ['127.0.0.1:0'], routes }))
  const sluice = startSluice('serve', '--json', '--config', file, '--data', folder.path)
  onTestFinished(async () => {
    await sluice.close('SIGKILL')
    await folder.close()
  })
  return { sluice, url: String((await sluice.line('listening'))['url']) }
}

/** A client that sends one request, or a part of it, and leaves after a while whatever came. */
async function visit(url: string, random: Random): Promise<void> {
  const client = await openClient(url)
  client.write(random.pick(requests).replace('/PATH', new URL(url).pathname))
  await Promise.race([client.closed(), spanOf(random.int(0, random.pick(longestStaysMs)))])
  client.leave()
}

function exchanges(sluice: Sluice) {
  return sluice.lines().filter(({ type }) => type === 'exchange')
}

/** The exchanges that began before the last one that ended, and have not ended. */
function unended(sluice: Sluice): number[] {
  const ids = new Set(exchanges(sluice).map(({ id }) => Number(id)))
  return Array.from({ length: Math.max(...ids) }, (_, index) => index + 1).filter((id) => !ids.has(id))
}

/** Fails when the gateway takes too much memory, and kills it: a loop in native code lets nothing else stop it. */
function tooMuchMemory(sluice: Sluice): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setInterval(() => {
      if (hasEnded(sluice)) return clearInterval(timer)
      const bytes = residentBytes(sluice.pid)
      if (bytes <= mostResidentBytes) return
      clearInterval(timer)
      reject(new Error(`The gateway took ${String(bytes)} bytes of memory.`))
      sluice.signal('SIGKILL')
    }, 100)
    onTestFinished(() => clearInterval(timer))
  })
}

function hasEnded(sluice: Sluice): boolean {
  return sluice.process.exitCode !== null || sluice.process.signalCode !== null
}
