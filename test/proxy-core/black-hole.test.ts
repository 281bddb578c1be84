// QUALITY F7, issue 3: an upstream whose packets vanish, with neither a reset nor an end, is told apart in the time that its route allows.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { freePort, startChild, untilAccepts } from '../support/child.ts'
import { fetchWhole, request } from '../support/client.ts'
import { startGateway } from '../support/gateway.ts'

const space = `sluice${String(process.pid)}`
const [near, far] = [`sa${String(process.pid)}`, `sb${String(process.pid)}`]
const isRoot = process.platform === 'linux' && process.getuid?.() === 0

const server = (host: string, port: number): string => `
const { createServer } = require('node:http')
createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write('data: one\\n\\n')
  if (request.url === '/short') response.end()
}).listen({ port: ${String(port)}, host: '${host}', backlog: 1 }, () => console.log('listening'))`
const limits = { connectTimeoutMs: 1000, idleTimeoutMs: 1000 }

// Stopped, it accepts nothing: once its backlog is full the system drops what comes for it, and tells nobody.
test('an upstream that stops in its tracks is told before the head and in the middle of a stream, and serves when it goes on', async () => {
  const port = await freePort()
  const upstream = startChild(process.execPath, ['-e', server('127.0.0.1', port)])
  onTestFinished(() => upstream.close('SIGKILL'))
  await untilAccepts(port, upstream)
  const gateway = await startGateway({
    routes: [{ id: 'all', match: { path: '/*' }, upstream: { url: `http://127.0.0.1:${String(port)}`, ...limits } }],
  })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  const stream = await request(`${gateway.url}/stream`)
  await stream.waitForText('one')

  process.kill(upstream.pid, 'SIGSTOP')
  const waiting = await fillBacklog(port)
  const refused = await fetchWhole(`${gateway.url}/short`)
  expect([refused.status, refused.text]).toEqual([504, expect.stringContaining('did not accept a connection in time')])
  await stream.readAll()
  expect([stream.text, stream.isDestroyedEarly]).toEqual(['data: one\n\n', true])
  expect((await feed.exchange((one) => one.target === '/stream' && one.state !== 'open')).error?.code).toBe('upstream-timeout')

  for (const socket of waiting) socket.destroy()
  process.kill(upstream.pid, 'SIGCONT')
  expect((await fetchWhole(`${gateway.url}/short`)).text).toBe('data: one\n\n')
})

/** Connects until a connection no longer stands. */
async function fillBacklog(port: number): Promise<Socket[]> {
  const sockets: Socket[] = []
  for (;;) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    sockets.push(socket)
    const stands = await Promise.race([once(socket, 'connect').then(() => true), delay(500).then(() => false)])
    if (!stands) return sockets
  }
}

// A network namespace is for root on Linux alone; elsewhere the test above says what it can.
test.runIf(isRoot)('packets that vanish are told in time, and when they no longer do the next request is served', async () => {
  const inside = (...command: string[]): void => void execFileSync('ip', ['netns', 'exec', space, 'ip', ...command])
  execFileSync('ip', ['netns', 'add', space])
  onTestFinished(() => void execFileSync('ip', ['netns', 'del', space]))
  execFileSync('ip', ['link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', space])
  execFileSync('ip', ['addr', 'add', '10.231.7.1/30', 'dev', near])
  execFileSync('ip', ['link', 'set', near, 'up'])
  inside('addr', 'add', '10.231.7.2/30', 'dev', far)
  inside('link', 'set', far, 'up')
  const upstream = spawn('ip', ['netns', 'exec', space, process.execPath, '-e', server('10.231.7.2', 8080)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void upstream.kill('SIGKILL'))
  await once(upstream.stdout, 'data')

  const gateway = await startGateway({
    routes: [{ id: 'all', match: { path: '/*' }, upstream: { url: 'http://10.231.7.2:8080', ...limits } }],
  })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  const stream = await request(`${gateway.url}/stream`)
  await stream.waitForText('one')

  inside('route', 'add', 'blackhole', '10.231.7.1/32')
  const refused = await fetchWhole(`${gateway.url}/short`)
  expect([refused.status, refused.text]).toEqual([504, expect.stringContaining('"code":"upstream-timeout"')])
  await stream.readAll()
  expect([stream.text, stream.isDestroyedEarly]).toEqual(['data: one\n\n', true])
  expect((await feed.exchange((one) => one.target === '/stream' && one.state !== 'open')).error?.code).toBe('upstream-timeout')

  inside('route', 'del', 'blackhole', '10.231.7.1/32')
  const goneAt = Date.now()
  expect((await fetchWhole(`${gateway.url}/short`)).text).toBe('data: one\n\n')
  expect(Date.now() - goneAt).toBeLessThan(2000)
})
