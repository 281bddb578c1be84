// QUALITY F7, issue 3: an upstream whose packets vanish, with neither a reset nor an end, is told apart in the time that its route allows.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { fetchWhole, request } from '../support/client.ts'
import { startGateway } from '../support/gateway.ts'

const space = `sluice${String(process.pid)}`
const [near, far] = [`sa${String(process.pid)}`, `sb${String(process.pid)}`]
const isRoot = process.platform === 'linux' && process.getuid?.() === 0

// In a network of its own, so that its packets can be made to vanish.
const server = `
const { createServer } = require('node:http')
createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write('data: one\\n\\n')
  if (request.url === '/short') response.end()
}).listen(8080, '10.231.7.2', () => console.log('listening'))`

test('a black hole is told before the head and in the middle of a stream, and when it is gone the next request is served', async () => {
  if (!isRoot) return void process.stdout.write('left out: a network namespace is for root on Linux alone\n')
  const inside = (...command: string[]): void => void execFileSync('ip', ['netns', 'exec', space, 'ip', ...command])
  execFileSync('ip', ['netns', 'add', space])
  onTestFinished(() => void execFileSync('ip', ['netns', 'del', space]))
  execFileSync('ip', ['link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', space])
  execFileSync('ip', ['addr', 'add', '10.231.7.1/30', 'dev', near])
  execFileSync('ip', ['link', 'set', near, 'up'])
  inside('addr', 'add', '10.231.7.2/30', 'dev', far)
  inside('link', 'set', far, 'up')
  const upstream = spawn('ip', ['netns', 'exec', space, process.execPath, '-e', server], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void upstream.kill('SIGKILL'))
  await once(upstream.stdout, 'data')

  const limits = { connectTimeoutMs: 1000, idleTimeoutMs: 1000 }
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
