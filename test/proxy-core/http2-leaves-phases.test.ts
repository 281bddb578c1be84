// QUALITY F2 over HTTP/2: an HTTP/2 connection that ends, however it does and whatever its exchanges are at, leaves nothing open.
import { connect, type ClientHttp2Session } from 'node:http2'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { Http2Exchange, startTlsGateway, type TlsGateway } from './support/http2-client.ts'

interface Connection {
  readonly session: ClientHttp2Session
  readonly socket: Socket
}

async function openConnection({ url, port, ca }: TlsGateway): Promise<Connection> {
  const socket = connectTcp(port, '127.0.0.1')
  const session = connect(url, { createConnection: () => connectTls({ socket, ca, servername: 'localhost', ALPNProtocols: ['h2'] }) })
  onTestFinished(() => session.destroy())
  session.on('error', () => undefined)
  await new Promise((resolve, reject) => session.once('connect', resolve).once('error', reject))
  return { session, socket }
}

const ways: readonly (readonly [string, (connection: Connection, exchanges: readonly Http2Exchange[]) => void])[] = [
  ['resets its streams', (_connection, exchanges) => exchanges.forEach(({ stream }) => stream.close(8))],
  ['closes the connection', ({ session }) => session.destroy()],
  ['ends the connection without a word', ({ socket }) => socket.destroy()],
  ['resets the connection', ({ socket }) => void socket.resetAndDestroy()],
]

type Phase = (session: ClientHttp2Session, upstream: Upstream) => Promise<Http2Exchange>

const begin =
  (target: string): Phase =>
  async (session, upstream) => {
    const asked = new Http2Exchange(session, { ':path': target })
    const exchange = await upstream.next()
    await exchange.eventStream()
    await exchange.chunk('data: one\n\n')
    await asked.headed()
    return asked
  }

const phases: readonly (readonly [string, Phase])[] = [
  [
    'before the head',
    async (session, upstream) => {
      const asked = new Http2Exchange(session, { ':path': '/off' })
      await upstream.next()
      return asked
    },
  ],
  ['in the middle of a stream', begin('/off')],
  ['in the middle of a hold', begin('/on')],
  [
    'while more waits than its windows take',
    async (session, upstream) => {
      const asked = new Http2Exchange(session, { ':path': '/off' })
      asked.stream.pause()
      const exchange = await upstream.next()
      await exchange.eventStream()
      void exchange.chunk(Buffer.alloc(2_000_000, 'x'))
      return asked.headed()
    },
  ],
  [
    'while the end waits behind what its windows take',
    async (session, upstream) => {
      const asked = new Http2Exchange(session, { ':path': '/on' })
      asked.stream.pause()
      const exchange = await upstream.next()
      await exchange.eventStream()
      await exchange.chunk(Buffer.alloc(500_000, 'x'))
      await exchange.endChunks()
      return asked.headed()
    },
  ],
  [
    'in the middle of its upload',
    async (session, upstream) => {
      const asked = new Http2Exchange(session, { ':path': '/off', ':method': 'POST' }, { isOpen: true })
      asked.stream.write('some')
      await (await upstream.next()).bodyBytes(4)
      return asked
    },
  ],
]

test.for(ways.flatMap(([way, leave]) => phases.map(([when, phase]) => [way, when, leave, phase] as const)))(
  'a client that %s %s leaves nothing open',
  async ([, , leave, phase]) => {
    const upstream = await startUpstream()
    onTestFinished(() => upstream.close())
    const buffering = { response: 'on', holdBytes: null, memoryBytes: 65_536 } as const
    const tls = await startTlsGateway({
      routes: [
        { id: 'off', match: { path: '/off' }, upstream: upstream.url, buffering: 'off' },
        { id: 'on', match: { path: '/on' }, upstream: upstream.url, buffering },
      ],
    })
    const feed = await tls.gateway.feed()
    for (const size of [1, 5]) {
      const connection = await openConnection(tls)
      const exchanges: Http2Exchange[] = []
      for (let index = 0; index < size; index++) exchanges.push(await phase(connection.session, upstream))
      leave(connection, exchanges)
      await expect.poll(() => tls.gateway.gateway.openExchanges()).toBe(0)
    }
    await feed.until(() => feed.exchanges.length === 6 && feed.exchanges.every((one) => one.state !== 'open'))
    expect(new Set(feed.exchanges.map((one) => one.error?.code))).toEqual(new Set(['client-aborted']))
  },
)
