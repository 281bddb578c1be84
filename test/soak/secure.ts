import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect, type ClientHttp2Session } from 'node:http2'
import { connect as connectTcp } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { openClient } from '../support/client.ts'
import { openTempFolder } from '../support/temp.ts'
import { startWebSocketEcho } from '../support/web-socket-echo.ts'
import { compareRest, measureRest, partsOf, restText, type Rest } from './base.ts'
import type { Findings } from './findings.ts'
import { startGatewayChild } from './gateway-child.ts'
import { Random } from './random.ts'
import { hashOf, piecesOf, startSecureUpstreams } from './secure-upstreams.ts'
import { Tally } from './tally.ts'

const clientsOfAKind = 10
const routeIds = ['plain', 'tls', 'http2'] as const
const timeoutMs = 60_000
/** What captures may fill: so little that they are full before the base is taken. */
const captureMiB = 16
/** The base is taken when captures have filled it, or after so long. */
const longestWarmUpMs = 60_000

interface Around {
  /** The gateway's address without TLS, and the one with it. */
  readonly url: string
  readonly tlsUrl: string
  readonly ca: string
  readonly findings: Findings
  readonly tally: Tally
  /** What was asked for and how, until the gateway tells its end. */
  readonly open: Map<string, string>
}

/** WebSocket tunnels, uploads, HTTP/1.1 and HTTP/2 clients with TLS, and upstreams with TLS, through a gateway of their own. */
export async function beSecure(findings: Findings, seed: number, ms: number): Promise<string> {
  const upstreams = await startSecureUpstreams()
  const echo = await startWebSocketEcho()
  const folder = await openTempFolder()
  const tls = { url: upstreams.tlsUrl, tls: { ca: upstreams.caFile } }
  const to = { plain: { url: upstreams.plainUrl }, tls, http2: { ...tls, http2: true } }
  const routes = [
    { id: 'echo', match: { path: '/echo' }, upstream: echo.url },
    ...routeIds.map((id) => ({ id, match: { path: `/${id}/*` }, upstream: to[id], buffering: 'auto' })),
  ]
  const file = folder.file('sluice.yaml')
  const listen = ['127.0.0.1:0', 'https://127.0.0.1:0']
  await writeFile(file, JSON.stringify({ version: 1, listen, capture: { budgetMiB: captureMiB }, routes }))
  const spools = await openTempFolder()
  const open = new Map<string, string>()
  const gateway = await startGatewayChild(file, { temporaryFolder: spools.path, onEnded: ({ target }) => void open.delete(target) })
  const tally = new Tally()
  try {
    if (!(await gateway.untilConfig(({ urls }) => urls.some(isSecure), timeoutMs))) throw new Error('The gateway has no address with TLS.')
    const { value } = (await gateway.command('listener.trust', undefined)) as { readonly value: { readonly certificate: string } }
    const port = new URL(gateway.config.urls.find(isSecure) as string).port
    const plainUrl = gateway.config.urls.find((url) => !isSecure(url)) as string
    const around: Around = { url: plainUrl, tlsUrl: `https://localhost:${port}`, ca: value.certificate, findings, tally, open }
    const startedAt = Date.now()
    const warmUpMs = Math.min(longestWarmUpMs, ms / 4)
    do await live(around, seed, warmUpMs / 4)
    while (Date.now() - startedAt < warmUpMs && (await gateway.footprint()).capturedBytes < captureMiB * 1_048_576 * 0.9)
    const base = await measureRest(gateway, spools.path, null)
    const parts = partsOf(ms, 4)
    const rests: Rest[] = []
    while (rests.length < parts) {
      await live(around, seed + 1 + rests.length, ms / parts)
      rests.push(await measureRest(gateway, spools.path, base))
    }
    compareRest('tunnels and TLS', { base, rests, captureBytes: captureMiB * 1_048_576 }, findings)
    for (const [target, how] of open) findings.add('the end of an exchange is not told', `${target} (${how})`)
    return [
      `${'tunnels and TLS'.padEnd(30)} compared: ${tally.text('whole ')}; left early: ${tally.text('left ')}`,
      ...[base, ...rests].map(
        (rest, part) => `${(part === 0 ? '  base' : `  part ${String(part)} of ${String(parts)}`).padEnd(30)} ${restText(rest)}`,
      ),
    ].join('\n')
  } finally {
    await gateway.close()
    await echo.close()
    await upstreams.close()
    await folder.close()
    await spools.close()
  }
}

/** Keeps clients of each kind at it for so long. */
async function live(around: Around, seed: number, ms: number): Promise<void> {
  const until = Date.now() + ms
  const kinds = { tunnel, first: overHttp1, plain: overPlain, second: overHttp2, upload }
  const running = Object.entries(kinds).flatMap(([kind, once], kindIndex) =>
    Array.from({ length: clientsOfAKind }, async (_, index) => {
      const random = new Random(seed * 1000 + kindIndex * clientsOfAKind + index)
      while (Date.now() < until) {
        await once(around, random).catch((error: unknown) =>
          around.findings.add(`a client fails (${kind})`, String((error as Error).stack)),
        )
      }
    }),
  )
  await Promise.all(running)
}

/** A WebSocket that says some things, each of which must come back before the next is said. */
async function tunnel({ url, findings, tally }: Around, random: Random): Promise<void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/echo`)
  await next(socket, 'open')
  for (let count = random.int(1, 60); count > 0; count--) {
    const text = String(random.next()).repeat(7).slice(0, random.int(1, 125))
    const answer = next(socket, 'message')
    socket.send(text)
    const { data } = (await answer) as MessageEvent<unknown>
    if (data === text) tally.add('whole tunnel messages')
    else findings.add('a tunnel gives back other text', `${String(data)} in place of ${text}`)
    await new Promise((resolve) => setTimeout(resolve, random.int(0, 100)))
  }
  const closed = next(socket, 'close')
  socket.close()
  await closed
}

function overHttp1({ tlsUrl, ...around }: Around, random: Random): Promise<void> {
  return read({ ...around, tlsUrl }, random, tlsUrl, 'HTTP/1.1 bodies over TLS')
}

function overPlain(around: Around, random: Random): Promise<void> {
  return read(around, random, around.url, 'bodies without TLS')
}

/** Some exchanges on one connection, until one is left early. */
async function read({ ca, findings, tally, open }: Around, random: Random, url: string, what: string): Promise<void> {
  const client = await openClient(url, { ca, timeoutMs })
  try {
    for (let count = random.int(1, 5); count > 0; count--) {
      const { target, body } = draw(random)
      const isLeft = random.chance(0.2)
      // Not later: a short exchange may have ended when its head is read here.
      open.set(target, isLeft ? `${what}, left` : what)
      const response = await client.request({ target })
      if (isLeft) {
        await response.waitForBytes(random.int(1, body.length), timeoutMs)
        compare(findings, `${what} ${target}`, response.bytes, body.subarray(0, response.byteCount))
        tally.add(`left ${what}`)
        return client.leave()
      }
      compare(findings, `${what} ${target}`, await response.readAll(timeoutMs), body)
      if (response.isDestroyedEarly) findings.add('a whole response ends as if cut', `${what} ${target}`)
      tally.add(`whole ${what}`)
    }
  } finally {
    client.close()
  }
}

/** Uploads one after the other on one connection, until one is left in the middle. */
async function upload({ url, findings, tally, open }: Around, random: Random): Promise<void> {
  const client = await openClient(url, { timeoutMs })
  try {
    for (let count = random.int(1, 5); count > 0; count--) {
      const { target, body } = draw(random)
      const isLeft = random.chance(0.2)
      open.set(target, `upload${isLeft ? ', left' : ''}`)
      client.send({ method: 'POST', target, fields: { 'Content-Length': String(body.length + (isLeft ? 1 : 0)) } })
      client.write(body)
      if (isLeft) {
        await new Promise((resolve) => setTimeout(resolve, random.int(0, 50)))
        tally.add('left uploads')
        return random.chance(0.5) ? client.leave() : client.reset()
      }
      const text = (await (await client.nextResponse()).readAll(timeoutMs)).toString()
      if (text === hashOf(body)) tally.add('whole uploads')
      else findings.add('an upload is answered otherwise than with its hash', `${target}: ${text.slice(0, 200)}`)
      await new Promise((resolve) => setTimeout(resolve, random.int(0, 500)))
    }
  } finally {
    client.close()
  }
}

/** Some exchanges at once on one HTTP/2 connection, which now and then is reset below them. */
async function overHttp2({ tlsUrl, ca, findings, tally, open }: Around, random: Random): Promise<void> {
  const socket = connectTcp(Number(new URL(tlsUrl).port), '127.0.0.1')
  const createConnection = () => connectTls({ socket, ca, servername: 'localhost', ALPNProtocols: ['h2'] })
  const session = connect(tlsUrl, { createConnection })
  const isReset = random.chance(0.2)
  session.on('error', (error: Error) => isReset || findings.add('an HTTP/2 connection fails', error.message))
  try {
    const all = Array.from({ length: random.int(1, 6) }, () => ({ ...draw(random), isLeft: !isReset && random.chance(0.2) }))
    if (isReset) {
      const streams = all.map(({ target }) => {
        open.set(target, 'HTTP/2, reset')
        return session.request({ ':path': target }).on('error', () => undefined)
      })
      await Promise.race(streams.map((stream) => once(stream.resume(), 'data').catch(() => undefined)))
      await new Promise((resolve) => setTimeout(resolve, random.int(0, 500)))
      socket.resetAndDestroy()
      tally.add('left HTTP/2 connections')
      return
    }
    await Promise.all(
      all.map(async ({ target, body, isLeft }) => {
        open.set(target, `HTTP/2${isLeft ? ', left' : ''}`)
        const got = await readStream(session, target, isLeft ? Math.ceil(body.length / 2) : null)
        compare(findings, `HTTP/2 ${target}`, got, isLeft ? body.subarray(0, got.length) : body)
        tally.add(`${isLeft ? 'left' : 'whole'} HTTP/2 streams`)
      }),
    )
  } finally {
    session.destroy()
  }
}

/** The body of one stream, which is left when so many bytes of it have come. */
function readStream(session: ClientHttp2Session, target: string, leavesAt: number | null): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':path': target })
    const parts: Buffer[] = []
    let length = 0
    stream.on('error', reject)
    stream.on('response', ({ ':status': status }) => {
      if (status !== 200) reject(new Error(`${target} is answered with ${String(status)}.`))
    })
    stream.on('data', (part: Buffer) => {
      parts.push(part)
      length += part.length
      if (leavesAt !== null && length >= leavesAt) stream.close(8)
    })
    stream.on('close', () => resolve(Buffer.concat(parts)))
    stream.setTimeout(timeoutMs, () => reject(new Error(`${target} is silent.`)))
  })
}

function draw(random: Random): { readonly target: string; readonly body: Buffer } {
  const number = random.int(1, 1_000_000_000)
  return { target: `/${random.pick(routeIds)}/${String(number)}`, body: Buffer.concat(piecesOf(number)) }
}

function compare(findings: Findings, what: string, got: Buffer, sent: Buffer): void {
  if (!got.equals(sent))
    findings.add('a client has other bytes than its upstream sent', `${what}: ${String(got.length)} of ${String(sent.length)}`)
}

/** The next of these events; rejects when another comes before it, or none. */
function next(socket: WebSocket, event: 'open' | 'message' | 'close'): Promise<Event> {
  const others = (['close', 'error'] as const).filter((other) => other !== event)
  const listening = new AbortController()
  const once = { once: true, signal: listening.signal }
  return new Promise<Event>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no ${event} of a WebSocket`)), timeoutMs)
    listening.signal.addEventListener('abort', () => clearTimeout(late))
    socket.addEventListener(event, resolve, once)
    for (const other of others) socket.addEventListener(other, () => reject(new Error(`${other} of a WebSocket before ${event}`)), once)
  }).finally(() => listening.abort())
}

function isSecure(url: string): boolean {
  return url.startsWith('https:')
}
