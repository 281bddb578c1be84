import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createSecureServer, type Http2SecureServer } from 'node:http2'
import { type AddressInfo, createServer } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import type { TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Route } from '../../proxy-core/contract/route.ts'
import { upstreamError } from '../../proxy-core/upstream-errors.ts'
import { Upstreams } from '../../proxy-core/upstreams.ts'
import { openTempFolder, type TempFolder } from '../support/temp.ts'
import { UpstreamCall } from './support/upstream-call.ts'

let folder: TempFolder
let server: Http2SecureServer
let port = 0
let ca = ''
let connections = 0

beforeAll(async () => {
  folder = await openTempFolder()
  const [key, cert] = [folder.file('key.pem'), folder.file('cert.pem')]
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=test']
  execFileSync('openssl', [...request, '-addext', 'subjectAltName=DNS:up.test,IP:127.0.0.1', '-keyout', key, '-out', cert], {
    stdio: 'pipe',
  })
  ca = readFileSync(cert, 'utf8')
  server = createSecureServer({ key: readFileSync(key), cert: ca, allowHTTP1: true }, (incoming, response) => {
    const socket = incoming.httpVersionMajor === 2 ? incoming.stream.session?.socket : incoming.socket
    const { servername } = socket as TLSSocket & { servername?: string }
    const seen = {
      version: incoming.httpVersion,
      serverName: servername,
      host: incoming.headers[':authority'] ?? incoming.headers.host,
      te: incoming.headers['te'],
    }
    response.setHeader('Set-Cookie', ['a=1', 'b=2'])
    response.end(JSON.stringify(seen))
  })
  server.on('secureConnection', () => connections++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(async () => {
  server.close()
  await folder.close()
})

let upstreams = new Upstreams({ demoOrigin: () => null })
afterEach(async () => {
  await upstreams.destroy()
  upstreams = new Upstreams({ demoOrigin: () => null })
})
const route = (tls: object, more: object = {}): Route =>
  Route.parse({ id: 'a', match: { path: '/*' }, upstream: { url: `https://127.0.0.1:${port}`, tls, ...more } })
const call = (of: Route, host?: string) =>
  new UpstreamCall(upstreams.pick(of), host === undefined ? {} : { headers: ['Host', host, 'TE', 'trailers'] })
const seen = async (of: Route, host?: string) => JSON.parse((await call(of, host).ended()).body) as Record<string, unknown>

test('a certificate that nobody vouches for is not trusted', async () => {
  const { report, status } = upstreamError(await call(route({})).failed(), `127.0.0.1:${port}`)
  expect([status, report.code]).toEqual([502, 'upstream-untrusted'])
  expect(report.message).toContain(`127.0.0.1:${port}`)
  expect(report.message).toContain('DEPTH_ZERO_SELF_SIGNED_CERT')
})

test('a CA is trusted as PEM text and as a file', async () => {
  expect(await seen(route({ ca }))).toMatchObject({ version: '1.1' })
  expect(await seen(route({ ca: folder.file('cert.pem') }))).toMatchObject({ version: '1.1' })
})

test('a CA file that changes is read again with the next config', async () => {
  const file = folder.file('changing.pem')
  writeFileSync(file, 'nothing')
  const up = route({ ca: file })
  expect(upstreamError(await call(up).failed()).report.code).toBe('upstream-untrusted')
  writeFileSync(file, `${ca}\n`)
  upstreams.apply([up])
  expect(await seen(up)).toMatchObject({ version: '1.1' })
})

test('a CA file that cannot be read is named', () => {
  expect(() => upstreams.pick(route({ ca: '/no/such/ca.pem' }))).toThrow('The CA file /no/such/ca.pem cannot be read (ENOENT).')
})

test('verification can be turned off for one route, and stays on for the next', async () => {
  expect(await seen(route({ verify: false }))).toMatchObject({ version: '1.1' })
  expect(upstreamError(await call(route({})).failed()).report.code).toBe('upstream-untrusted')
})

test('the server name is the upstream’s, whatever Host says, and an address has none', async () => {
  expect(await seen(route({ ca }), 'localhost:9080')).toMatchObject({ serverName: false, host: 'localhost:9080' })
  expect(await seen(route({ ca, serverName: 'up.test' }), 'localhost:9080')).toMatchObject({
    serverName: 'up.test',
    host: 'localhost:9080',
  })
})

test('the certificate is checked against the server name', async () => {
  const { report } = upstreamError(await call(route({ ca, serverName: 'other.test' })).failed(), 'up')
  expect(report).toMatchObject({ code: 'upstream-untrusted', message: expect.stringContaining('another name') as string })
})

test('another Host does not cost another connection', async () => {
  const before = connections
  const up = route({ ca })
  for (const host of ['a.test', 'b.test', 'localhost:9080', '127.0.0.1']) {
    await seen(up, host)
    await setImmediate()
  }
  expect(connections - before).toBe(1)
})

test('HTTP/2 is spoken where the route asks for it, on one connection', async () => {
  const before = connections
  const up = route({ ca }, { http2: true })
  const all = await Promise.all(Array.from({ length: 20 }, () => call(up, 'localhost:9080').ended()))
  expect(JSON.parse(all[0]?.body ?? '')).toMatchObject({ version: '2.0', host: 'localhost:9080', te: 'trailers' })
  expect(all[0]?.fields.filter((part) => part === 'set-cookie')).toHaveLength(2)
  expect(all[0]?.fields.some((part) => part.startsWith(':'))).toBe(false)
  expect(connections - before).toBe(1)
})

test('plain HTTP behind an https URL, and a server that never shakes hands, are told apart', async () => {
  const plain = createServer((socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).on('error', () => undefined),
  )
  const mute = createServer((socket) => socket.on('error', () => undefined))
  const ports = await Promise.all(
    [plain, mute].map(
      (each) => new Promise<number>((resolve) => each.listen(0, '127.0.0.1', () => resolve((each.address() as AddressInfo).port))),
    ),
  )
  const fails = async (index: number) =>
    upstreamError(await call(route({}, { url: `https://127.0.0.1:${ports[index]}`, connectTimeoutMs: 300 })).failed())
  expect(await fails(0)).toMatchObject({
    status: 502,
    report: { code: 'upstream-untrusted', message: expect.stringContaining('http://') as string },
  })
  const started = performance.now()
  expect(await fails(1)).toMatchObject({ status: 504, report: { code: 'upstream-timeout' } })
  expect(performance.now() - started).toBeLessThan(2000)
  plain.close()
  mute.close()
})
