// Issue 3 §4: HTTP/2 on the TLS listener, so that a browser is not limited to six streams.
import { execFileSync } from 'node:child_process'
import { X509Certificate, createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { chromium } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import type { TrustSteps } from '../../proxy-core/contract/trust.ts'
import { chromiumPath } from '../support/browser.ts'
import { routeTo } from '../support/gateway.ts'
import { openTempFolder } from '../support/temp.ts'
import type { UpstreamExchange } from '../support/upstream-exchange.ts'
import { startUpstream } from '../support/upstream.ts'
import { startTlsGateway } from './support/http2-client.ts'

const streamCount = 20

const page = `<!doctype html><title>Streams</title><script>
  const seen = []
  const sources = Array.from({ length: ${streamCount} }, (_, index) => {
    const one = { opens: 0, errors: 0, data: [] }
    seen.push(one)
    const source = new EventSource('/events/' + index)
    source.onopen = () => one.opens++
    source.onerror = () => one.errors++
    source.onmessage = (event) => one.data.push(event.data)
    return source
  })
  const protocols = () => [...new Set(performance.getEntriesByType('navigation').map((entry) => entry.nextHopProtocol))]
</script>`

test(`a page opens ${streamCount} event streams at once by HTTP/2, on a name below localhost, and gets every event of each`, async () => {
  const streams = new Map<string, UpstreamExchange>()
  const upstream = await startUpstream((exchange) => {
    if (exchange.target === '/page') return exchange.answer(page, { fields: { 'Content-Type': 'text/html' } })
    if (exchange.target.startsWith('/events/')) {
      streams.set(exchange.target, exchange)
      return exchange.eventStream()
    }
    return exchange.answer('', { status: 404 })
  })
  onTestFinished(() => upstream.close())
  const { gateway, port } = await startTlsGateway({ routes: [routeTo(upstream.url, { buffering: 'off' })] })
  const trust = await gateway.command('listener.trust')
  const home = await openTempFolder()
  onTestFinished(() => home.close())

  const browser = await chromium.launch({
    executablePath: chromiumPath() ?? '',
    headless: true,
    env: { ...process.env, HOME: home.path, XDG_DATA_HOME: join(home.path, '.local', 'share') } as Record<string, string>,
    args: ['--no-sandbox', '--disable-quic', '--no-proxy-server', '--no-first-run', ...(await trustIn(home.path, trust.steps, port))],
  })
  onTestFinished(() => browser.close())
  const tab = await browser.newPage()
  await tab.goto(`https://stream.localhost:${port}/page`)
  expect(await tab.evaluate('protocols()')).toEqual(['h2'])

  await tab.waitForFunction('seen.every((one) => one.opens === 1)', undefined, { polling: 5, timeout: 8000 })
  expect(streams.size).toBe(streamCount)
  for (let round = 0; round < 5; round++) {
    await Promise.all(Array.from(streams, ([target, exchange]) => exchange.chunk(`data: ${target} ${round}\n\n`)))
    await tab.waitForFunction(`seen.every((one) => one.data.length === ${round + 1})`, undefined, { polling: 5, timeout: 8000 })
  }
  const expected = (index: number) => ({ opens: 1, errors: 0, data: Array.from({ length: 5 }, (_, round) => `/events/${index} ${round}`) })
  expect(await tab.evaluate('seen')).toEqual(Array.from({ length: streamCount }, (_, index) => expected(index)))
  await tab.close()
  await expect.poll(() => gateway.gateway.openExchanges()).toBe(0)
})

/** Runs the very commands that users are told, in a home of the test's own; without certutil Chromium is told the key of the server instead. */
async function trustIn(home: string, steps: readonly TrustSteps[], port: number): Promise<string[]> {
  const commands = steps.find(({ title }) => title.startsWith('Chromium'))?.commands ?? []
  if (existsSync('/usr/bin/certutil')) {
    execFileSync('/bin/sh', ['-ec', commands.join('\n')], { env: { ...process.env, HOME: home } })
    return []
  }
  const socket = connect({ port, host: '127.0.0.1', servername: 'stream.localhost', rejectUnauthorized: false })
  await new Promise((resolve) => socket.once('secureConnect', resolve))
  const key = new X509Certificate(socket.getPeerCertificate().raw).publicKey.export({ type: 'spki', format: 'der' })
  socket.destroy()
  return [`--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`]
}
