// RFC 9112 §3.2: the four forms of a request target, and those that are none.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openClient } from '../support/client.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'

let upstream: Upstream
let gateway: TestGateway
beforeAll(async () => {
  upstream = await startUpstream((exchange) => exchange.answer(exchange.target))
  gateway = await startGateway({
    routes: [
      { id: 'base', match: { path: '/below/*' }, stripPrefix: true, upstream: `${upstream.url}/base` },
      { id: 'all', match: { path: '/*' }, upstream: upstream.url },
    ],
  })
})
afterAll(async () => {
  await gateway.close()
  await upstream.close()
})

async function ask(target: string, method = 'GET') {
  const before = upstream.exchanges.length
  const client = await openClient(gateway.url)
  const response = await client.request({ method, target })
  const text = (await response.readAll()).toString()
  client.close()
  return { status: response.status, text, header: (name: string) => response.header(name), sent: upstream.exchanges.length - before }
}

test.for<readonly [target: string, sent: string]>([
  ['/', '/'],
  ['/a//b/?x=1&&y=%20?', '/a//b/?x=1&&y=%20?'],
  ['/%41%2f%e2%82%ac;p=1', '/%41%2f%e2%82%ac;p=1'],
  ['/a/../b/./c', '/b/c'],
  ['/below/x?y', '/base/x?y'],
  ['/below/', '/base/'],
  ['/below/../below/x', '/base/x'],
  ['http://localhost/absolute?q', '/absolute?q'],
  ['HTTP://LOCALHOST:80', '/'],
])('the target %s reaches the upstream as %s', async ([target, expected]) => {
  expect(await ask(target)).toMatchObject({ status: 200, text: expected })
})

test.for(['/below/../../etc', '/below/%2e%2e/%2e%2e/etc', '/below/..%2f..%2fetc', '/below/..;/x', '/below/..'])(
  'the target %s does not leave the base path of its route',
  async (target) => {
    const { status, text } = await ask(target)
    // It is malformed, or it names another route, below whose own base it stays.
    if (status !== 200) expect(status).toBe(400)
    else expect(text).not.toMatch(/\.\.|%2e|^\/base/i)
  },
)

test.for<readonly [method: string, target: string]>([
  ['GET', '*'],
  ['GET', 'relative'],
  ['GET', 'localhost:80'],
  ['GET', 'ftp://localhost/'],
  ['GET', '/a\\..\\b'],
  ['GET', '/a#fragment'],
  ['OPTIONS', '**'],
])('%s %s is refused with 400, and nothing is sent upstream', async ([method, target]) => {
  expect(await ask(target, method)).toMatchObject({ status: 400, sent: 0 })
})

test('OPTIONS * asks about the gateway itself, which answers', async () => {
  const answer = await ask('*', 'OPTIONS')
  expect(answer).toMatchObject({ status: 204, sent: 0 })
  expect(answer.header('allow')).toContain('GET')
})

test('OPTIONS of a path goes to the upstream', async () => {
  expect(await ask('/path', 'OPTIONS')).toMatchObject({ status: 200, text: '/path', sent: 1 })
})

test('CONNECT is refused, and its connection closed', async () => {
  const client = await openClient(gateway.url)
  client.write('CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n\r\n')
  const response = await client.nextResponse()
  expect(response.status).toBe(405)
  expect(response.header('allow')).not.toContain('CONNECT')
  await client.closed()
})
