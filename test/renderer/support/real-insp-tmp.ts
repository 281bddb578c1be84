import { mkdtempSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { tmpdir } from 'node:os'
import { _electron } from 'playwright-core'
import { freePort } from '../../support/child.ts'
import { electronToRun } from '../../app/support/electron.ts'
import { untilListening } from '../../app/support/launch.ts'
const rate = Number(process.argv[2] ?? 30), seconds = Number(process.argv[3] ?? 6), mode = process.argv[4] ?? ''
const upstream = http.createServer((req, res) => {
  if (req.url?.startsWith('/xss')) { res.writeHead(200, { 'content-type': 'text/event-stream', 'x-evil': '<img src=x onerror=alert(1)>' }); res.end('event: <b>x</b>\nid: <script>1</script>\ndata: <img src=x onerror="document.title=1">\u202etxt\u0007\n\n: comment <i>\n\nretry: 10\n\ndata: {"a":"<b>\\u0041","n":12345678901234567890}\n\n'); return }
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  let n = 0; const start = Date.now()
  const timer = setInterval(() => { const due = Math.floor((Date.now() - start) * rate / 1000); let text = ''; while (n < due) text += `id: ${++n}\ndata: {"n":${n},"choices":[{"index":0,"delta":{"content":"sluice gate "}}]}\n\n`; if (text) res.write(text) }, rate > 200 ? 5 : 1000 / rate)
  res.on('close', () => clearInterval(timer))
}).listen(0, '127.0.0.1')
await new Promise((r) => upstream.once('listening', r))
const up = `http://127.0.0.1:${(upstream.address() as any).port}`
const userData = mkdtempSync(path.join(tmpdir(), 'sluice-insp-'))
writeFileSync(path.join(userData, 'sluice.yaml'), `version: 1\nroutes:\n  - id: ticks\n    name: Ticks\n    match: { path: /* }\n    upstream: ${up}\n    buffering: { response: off, holdBytes: 8192 }\n`)
const port = await freePort()
const { executable, env, release } = await electronToRun()
const app = await _electron.launch({ executablePath: executable, args: ['/tmp/insp/app', `--user-data-dir=${userData}`, `--listen=127.0.0.1:${port}`], env })
const page = await app.firstWindow()
page.on('pageerror', (e) => console.log('pageerror', e.message)); page.on('console', (m) => { if (m.type() === 'error') console.log('console', m.text()) })
await page.waitForLoadState('load'); const url = `http://127.0.0.1:${port}`; await untilListening(url)
const shot = (name: string) => page.screenshot({ path: `/tmp/insp/real-${name}.png` })
const get = (p: string) => http.get(`${url}${p}`, (res) => { res.on('data', () => {}); res.on('error', () => {}) })
get('/xss'); await new Promise((r) => setTimeout(r, 500))
const client = get('/stream?tenant=acme'); client.on('error', () => {})
await page.getByRole('row', { name: /\/stream/ }).first().click()
await page.waitForTimeout(3000)
if (mode === 'look') {
  await shot('live')
  await page.getByRole('radiogroup', { name: 'Response buffering of Ticks' }).getByRole('radio', { name: 'On', exact: true }).click(); await page.waitForTimeout(6000); await shot('held')
  await page.getByRole('radiogroup', { name: 'Response buffering of Ticks' }).getByRole('radio', { name: 'Off', exact: true }).click(); await page.waitForTimeout(2000); await shot('released')
  await page.getByRole('row', { name: /\/xss/ }).first().click(); await page.waitForTimeout(800); await page.locator('[aria-label="Events, oldest first"] [data-key="0"]').click(); await page.waitForTimeout(600); await shot('xss')
  await page.locator('[aria-label="Events, oldest first"]').focus(); await page.keyboard.press('End'); await page.waitForTimeout(500); await shot('xss2')
  await page.getByRole('tab', { name: 'Headers' }).click(); await page.waitForTimeout(500); await shot('headers')
  await page.getByRole('tab', { name: 'Raw' }).click(); await page.waitForTimeout(600); await shot('raw')
  console.log('title', await page.title())
} else {
  const cdp = await page.context().newCDPSession(page); await cdp.send('Performance.enable', { timeDomain: 'threadTicks' }); const met = async () => Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map((x: any) => [x.name, x.value])); const m0: any = await met()
  const result = await page.evaluate(async (secs) => {
    const long: number[] = []; new PerformanceObserver((l) => { for (const e of l.getEntries()) long.push(Math.round(e.duration)) }).observe({ type: 'longtask' })
    const gaps: number[] = []; let uncovered = 0, blank = 0
    const grid = document.querySelector('[aria-label="Events, oldest first"]')!
    let last = performance.now(); const end = last + secs * 1000
    while (last < end) {
      await new Promise((r) => requestAnimationFrame(r)); await new Promise((r) => { const c = new MessageChannel(); c.port1.onmessage = r; c.port2.postMessage(0) })
      const now = performance.now(); gaps.push(now - last); last = now
      if (gaps.length % 15) continue
      const box = grid.getBoundingClientRect(); const rows = grid.querySelectorAll('[data-key]'); const low = rows[rows.length - 1]!.getBoundingClientRect().bottom
      if (low < box.bottom - 1) uncovered++
      if (!rows[rows.length - 1]!.textContent!.includes(':')) blank++
    }
    gaps.sort((a, b) => a - b)
    return { long: long.sort((a, b) => b - a).slice(0, 12), longs: long.length, fps: gaps.length / secs, p50: gaps[gaps.length >> 1], p99: gaps[Math.floor(gaps.length * 0.99)], max: gaps.at(-1), over20: gaps.filter((g) => g > 20).length, over50: gaps.filter((g) => g > 50).length, uncovered, blank, rows: document.querySelector('[data-detail-start]')!.textContent }
  }, seconds)
  const m1: any = await met(); for (const k of ['TaskDuration', 'ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration']) console.log(k, ((m1[k] - m0[k]) * 1000 / seconds).toFixed(0), 'ms/s')
  console.log(JSON.stringify(result)); const metrics = await app.evaluate(({ app }) => app.getAppMetrics().map((m) => `${m.type} ${m.cpu.percentCPUUsage.toFixed(1)}% ${Math.round(m.memory.workingSetSize / 1024)}MB`)); console.log(metrics.join(' | '))
  await shot(`rate-${rate}`)
}
client.destroy(); upstream.closeAllConnections(); upstream.close()
const child = app.process(); child.kill('SIGTERM'); await Promise.race([new Promise((r) => child.once('exit', r)), new Promise((r) => setTimeout(r, 5000))]); child.kill('SIGKILL'); release(); process.exit(0)
