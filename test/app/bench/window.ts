import { writeFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cpus } from 'node:os'
import type { Page } from 'playwright-core'
import { openClient, request } from '../../support/client.ts'
import { launchApp, type LaunchedApp } from '../support/launch.ts'
import { measureFrames, processCosts, type Frames } from './frames.ts'

// QUALITY W2 in the real app: `npm run bench -- --window [SECONDS] [--markdown FILE]`.
const seconds = Number(process.argv.find((argument) => /^\d+$/.test(argument)) ?? 60)
const manyEvents = 1_000_000
const manyExchanges = 10_000
const grid = (window: Page) => window.getByRole('grid', { name: /^Events/ })

interface Line extends Frames {
  readonly what: string
  readonly note: string
}

const upstream = createServer((incoming, response) => {
  const { searchParams } = new URL(incoming.url ?? '/', 'http://upstream')
  if (incoming.url?.startsWith('/small') === true) response.end('{}')
  else send(response, Number(searchParams.get('rate')), Number(searchParams.get('count')))
})
await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
const { port } = upstream.address() as AddressInfo
const sluice = await launchApp({
  config: `version: 1\nroutes:\n  - id: bench\n    match: { path: /* }\n    upstream: http://127.0.0.1:${String(port)}\n`,
})
const lines: Line[] = []
try {
  for (const rate of [5000, 50_000]) lines.push(await watch(sluice, rate))
  lines.push(...(await many(sluice)))
  lines.push(await list(sluice))
  const [cpu] = cpus()
  const title = `The window in Electron ${await sluice.app.evaluate(() => process.versions.electron)}, software rendering, ${String(cpus().length)} cores (${cpu?.model.trim() ?? ''}).`
  const heads =
    '| what | frames/s | longest gap ms | gaps > 50 ms | main CPU % | window CPU % | memory MiB | |\n| --- | --- | --- | --- | --- | --- | --- | --- |'
  const rows = lines.map(
    ({ what, perSecond, longestGapMs, longGaps, mainCpu, windowCpu, memoryMiB, note }) =>
      `| ${what} | ${perSecond.toFixed(1)} | ${longestGapMs.toFixed(0)} | ${String(longGaps)} | ${mainCpu.toFixed(0)} | ${windowCpu.toFixed(0)} | ${memoryMiB.toFixed(0)} | ${note} |`,
  )
  const report = `${title}\n\n${heads}\n${rows.join('\n')}\n`
  process.stdout.write(report)
  const at = process.argv.indexOf('--markdown')
  if (at !== -1) await writeFile(process.argv[at + 1] ?? 'window.md', report)
} finally {
  await sluice.close()
  upstream.close()
  upstream.closeAllConnections()
}

/** One stream at a rate, its events on screen and followed. */
async function watch({ window, url, app }: LaunchedApp, rate: number): Promise<Line> {
  const client = await openClient(url)
  await client.request({ target: `/stream?rate=${String(rate)}` })
  await window.getByRole('row', { name: /rate=/ }).first().click()
  await grid(window).getByRole('row').nth(5).waitFor()
  await new Promise((resolve) => setTimeout(resolve, 2000))
  const costs = processCosts(app)
  await costs()
  const frames = await measureFrames(window, seconds * 1000)
  const line = { what: `${rate.toLocaleString('en')} events/s, followed`, ...frames, ...(await costs()), note: `${String(seconds)} s` }
  client.leave()
  await clear(window)
  return line
}

/** A stream of a million events: to its start and end and through it, a search over all, and an export. */
async function many({ window, url, app }: LaunchedApp): Promise<readonly Line[]> {
  const response = await request(url, { target: `/stream?rate=0&count=${String(manyEvents)}` })
  await response.readAll(120_000)
  await window
    .getByRole('row', { name: /count=/ })
    .first()
    .click()
  await grid(window).getByRole('row').nth(5).waitFor()
  const kept = `${manyEvents.toLocaleString('en')} events`
  const during = async (what: string, work: () => Promise<string>): Promise<Line> => {
    const costs = processCosts(app)
    await costs()
    const startedAt = performance.now()
    const [frames, note] = await Promise.all([measureFrames(window, 5000), work()])
    return {
      what: `${kept}: ${what}`,
      ...frames,
      ...(await costs()),
      note: `${note}, ${(performance.now() - startedAt).toFixed(0)} ms in all`,
    }
  }
  const scroll = await during('scroll', async () => {
    await grid(window).focus()
    for (const key of ['Home', 'End', 'Home', ...Array.from({ length: 20 }, () => 'PageDown')]) await window.keyboard.press(key)
    await grid(window).hover()
    for (let turn = 0; turn < 40; turn++) await window.mouse.wheel(0, 2000)
    return '3 jumps, 20 pages, 40 turns of the wheel'
  })
  const search = await during('search', async () => {
    await window.keyboard.press('Control+f')
    const startedAt = performance.now()
    await window.keyboard.type('999999')
    await window
      .getByRole('search')
      .getByText(/1 of 1|1 match/)
      .first()
      .waitFor({ timeout: 30_000 })
    return `found after ${(performance.now() - startedAt).toFixed(0)} ms`
  })
  await app.evaluate(({ session }) => session.defaultSession.on('will-download', (_event, item) => item.cancel()))
  const saved = await during('export as JSON Lines', async () => {
    await window.getByRole('button', { name: 'Export this exchange' }).click()
    await window.getByRole('menuitem', { name: /^JSON Lines/ }).click()
    await window.getByText(/^Exported /).waitFor({ timeout: 60_000 })
    return 'whole'
  })
  await clear(window)
  return [scroll, search, saved]
}

/** Ten thousand exchanges in the list, and through it. */
async function list({ window, url, app }: LaunchedApp): Promise<Line> {
  for (let sent = 0; sent < manyExchanges; sent += 50) {
    await Promise.all(Array.from({ length: 50 }, async () => (await request(url, { target: '/small' })).readAll()))
  }
  const exchanges = window.getByRole('grid', { name: /^Exchanges/ })
  // What is measured is the list, not the arrival of what is in it.
  await new Promise((resolve) => setTimeout(resolve, 2000))
  const costs = processCosts(app)
  await costs()
  const [frames] = await Promise.all([
    measureFrames(window, 5000),
    (async () => {
      await exchanges.focus()
      for (const key of ['End', 'Home', ...Array.from({ length: 30 }, () => 'PageDown')]) await window.keyboard.press(key)
    })(),
  ])
  return { what: `${manyExchanges.toLocaleString('en')} exchanges: scroll`, ...frames, ...(await costs()), note: '2 jumps, 30 pages' }
}

async function clear(window: Page): Promise<void> {
  await window
    .getByRole('row', { name: /stream/ })
    .first()
    .click()
  await window.keyboard.press('Control+Shift+Delete')
}

/** Events at a pace, in one write a tick, or so many of them as fast as they are taken. */
function send(response: ServerResponse, rate: number, count: number): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  let sent = 0
  const some = (events: number) => {
    let text = ''
    for (let index = 0; index < events; index++) text += `id: ${String(sent)}\ndata: {"n":${String(sent++)}}\n\n`
    return response.write(text)
  }
  if (rate > 0) {
    const startedAt = performance.now()
    const timer = setInterval(() => some(Math.floor(((performance.now() - startedAt) * rate) / 1000) - sent), 4)
    response.on('close', () => clearInterval(timer))
    return
  }
  const go = (): void => {
    while (sent < count) if (!some(Math.min(1000, count - sent))) return void response.once('drain', go)
    response.end()
  }
  go()
}
