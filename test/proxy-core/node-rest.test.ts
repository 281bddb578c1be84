// A node that can't be reached rests for a time that is shown, so that not every exchange meets it; then one exchange tries it.
import { performance } from 'node:perf_hooks'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import type { ErrorReport } from '../../proxy-core/contract/errors.ts'
import { NodeHealth } from '../../proxy-core/node-health.ts'
import { freePort } from '../support/child.ts'
import { fetchWhole } from '../support/client.ts'
import { epochMs } from '../support/epoch.ts'
import type { FeedView } from '../support/feed-view.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

const refused: ErrorReport = { code: 'upstream-unreachable', message: 'refused' }

afterEach(() => {
  vi.restoreAllMocks()
})

async function startNode(name: string, port = 0) {
  const upstream = await startUpstream((exchange) => exchange.answer(name), { port })
  onTestFinished(() => upstream.close())
  return upstream
}

async function start() {
  const port = await freePort()
  const good = await startNode('good')
  const urls = [`http://127.0.0.1:${port}`, good.url]
  const gateway = await startGateway({ routes: [routeTo('', { upstream: { nodes: urls.map((url) => ({ url })) } })] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  const ask = async (): Promise<string> => (await fetchWhole(gateway.url)).text
  const nodes = (view: FeedView) => [...view.routeTotals.values()].flatMap((totals) => totals.nodes)
  return { port, urls, ask, feed, nodes }
}

test('after two failures a node rests for ten seconds, and the feed says until when and why', async () => {
  const { ask, feed, nodes, urls } = await start()
  const at = epochMs()
  for (let turn = 0; turn < 4; turn++) expect(await ask()).toBe('good')
  const view = await feed.until((one) => nodes(one)[0]?.state === 'resting')
  const [first, second] = nodes(view)
  expect(first).toMatchObject({ url: urls[0], state: 'resting', lastError: { error: { code: 'upstream-unreachable' } } })
  expect(first?.until).toBeGreaterThanOrEqual(at + 10_000)
  expect(first?.until).toBeLessThan(epochMs() + 10_100)
  expect(second).toEqual({ url: urls[1], state: 'up', until: null, lastError: null })
})

test('a node that rests is not called though it is back; when its time is up one exchange tries it, and it is up again', async () => {
  const { port, ask, feed, nodes } = await start()
  for (let turn = 0; turn < 4; turn++) await ask()
  await startNode('back', port)
  for (let turn = 0; turn < 4; turn++) expect(await ask()).toBe('good')
  const real = performance.now.bind(performance)
  vi.spyOn(performance, 'now').mockImplementation(() => real() + 10_001)
  const answers = [await ask(), await ask(), await ask(), await ask()]
  expect(answers.filter((name) => name === 'back')).toHaveLength(2)
  await feed.until((view) => nodes(view)[0]?.state === 'up' && nodes(view)[0]?.lastError === null)
})

test('a node alone is called every time, so that it serves as soon as it is back', async () => {
  const port = await freePort()
  const gateway = await startGateway({ routes: [routeTo(`http://127.0.0.1:${port}`)] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  for (let turn = 0; turn < 5; turn++) expect((await fetchWhole(gateway.url)).status).toBe(502)
  await feed.until((view) => [...view.routeTotals.values()].some(({ nodes }) => nodes[0]?.state === 'up' && nodes[0].lastError !== null))
  await startNode('back', port)
  expect((await fetchWhole(gateway.url)).text).toBe('back')
})

test('where all nodes rest they are called all the same', async () => {
  const ports = [await freePort(), await freePort()]
  const nodes = ports.map((port) => ({ url: `http://127.0.0.1:${port}` }))
  const gateway = await startGateway({ routes: [routeTo('', { upstream: { nodes } })] })
  onTestFinished(() => gateway.close())
  for (let turn = 0; turn < 4; turn++) expect((await fetchWhole(gateway.url)).status).toBe(502)
  await startNode('back', ports[1])
  expect((await fetchWhole(gateway.url)).text).toBe('back')
})

test('each failed try doubles the rest, up to a minute', () => {
  const health = new NodeHealth()
  health.failed(refused, 0)
  expect(health.isResting(0)).toBe(false)
  health.failed(refused, 0)
  const ends = []
  for (let at = 0, turn = 0; turn < 5; turn++) {
    const { until } = health.status('', false)
    ends.push((until ?? 0) - at)
    at = until ?? 0
    expect([health.isResting(at - 1), health.isResting(at)]).toEqual([true, false])
    health.calls(at)
    health.failed(refused, at)
  }
  expect(ends).toEqual([10_000, 20_000, 40_000, 60_000, 60_000])
})

test('while one exchange tries a node no other does; a try that comes to nothing is made again', () => {
  const health = new NodeHealth()
  health.failed(refused, 0)
  health.failed(refused, 0)
  health.calls(10_000)
  expect([health.isResting(10_000), health.isResting(19_999), health.isResting(20_000)]).toEqual([true, true, false])
})

test('exchanges that were under way when the rest began do not make it longer', () => {
  const health = new NodeHealth()
  for (let turn = 0; turn < 50; turn++) health.failed(refused, turn)
  expect(health.status('', false).until).toBe(10_001)
  expect(health.reached()).toBe(true)
  expect(health.reached()).toBe(false)
  expect(health.isResting(5000)).toBe(false)
})
