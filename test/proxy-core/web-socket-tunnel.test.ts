import { expect, onTestFinished, test } from 'vitest'
import { startBrowser } from '../support/browser.ts'
import { request } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startHttpUpstream, startUpstream } from '../support/upstream.ts'
import { startWebSocketEcho } from '../support/web-socket-echo.ts'

async function startEchoGateway() {
  const echo = await startWebSocketEcho()
  const page = await startHttpUpstream((_request, response) => response.end('<!doctype html><title>page</title>'))
  const gateway = await startGateway({
    routes: [routeTo(echo.url, { id: 'echo', match: { path: '/echo' } }), routeTo(page.url, { id: 'page', match: { path: '/*' } })],
  })
  onTestFinished(async () => {
    await gateway.close()
    await page.close()
    await echo.close()
  })
  return { echo, gateway }
}

test('a WebSocket goes through in both directions, its bytes are counted, and its end is the end of the exchange', async () => {
  const { echo, gateway } = await startEchoGateway()
  const feed = await gateway.feed()
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/echo`)
  const answers: unknown[] = []
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  for (const text of ['one', 'two']) {
    const answer = new Promise<unknown>((resolve) => socket.addEventListener('message', (event) => resolve(event.data), { once: true }))
    socket.send(text)
    answers.push(await answer)
  }
  expect(answers).toEqual(['one', 'two'])
  socket.close()
  await feed.until((view) => [...view.exchanges.values()].some((exchange) => exchange.state === 'complete'))
  const [exchange] = [...feed.view.exchanges.values()]
  expect(exchange).toMatchObject({ status: 101, requestBytes: 9 + 9 + 6, state: 'complete' })
  expect(exchange?.arrivedBytes).toBe(exchange?.leftBytes)
  await expect.poll(() => echo.open.size).toBe(0)
})

test('a client that drops its WebSocket leaves nothing open upstream', async () => {
  const { echo, gateway } = await startEchoGateway()
  const response = await request(`${gateway.url}/echo`, {
    fields: { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version': '13' },
  })
  expect(response.status).toBe(101)
  expect(echo.open.size).toBe(1)
  response.client.leave()
  await expect.poll(() => echo.open.size).toBe(0)
  expect(gateway.gateway.openExchanges()).toBe(0)
})

test('an upstream that refuses to switch answers as usual', async () => {
  const upstream = await startUpstream((exchange) => exchange.answer('no', { status: 403, reason: 'Forbidden' }))
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(async () => {
    await gateway.close()
    await upstream.close()
  })
  const response = await request(`${gateway.url}/`, { fields: { Connection: 'Upgrade', Upgrade: 'websocket' } })
  expect([response.status, (await response.readAll()).toString()]).toEqual([403, 'no'])
})

test('a page’s WebSocket echoes through the gateway in a real browser', async () => {
  const { gateway } = await startEchoGateway()
  const browser = await startBrowser()
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  await page.goto(`${gateway.url}/`)
  const answer = await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(`ws://${location.host}/echo`)
        socket.onopen = () => socket.send('from the page')
        socket.onmessage = (event) => resolve(event.data)
        socket.onerror = () => reject(new Error('the WebSocket failed'))
      }),
  )
  expect(answer).toBe('from the page')
})
