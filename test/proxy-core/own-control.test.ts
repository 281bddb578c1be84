// DESIGN §5: no route can reach the gateway's own control. It has none on the network: the window speaks to it in its own process, and
// `sluice flip` edits the config file. What listens are its listeners, which refuse what they sent themselves, and the built-in upstreams.
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { RouteInput } from '../../proxy-core/contract/route.ts'
import { request } from '../support/client.ts'
import { startGateway } from '../support/gateway.ts'
import { startSluice } from '../support/sluice.ts'
import { openTempFolder } from '../support/temp.ts'

const listen = ['127.0.0.1:0', '[::1]:0', 'https://127.0.0.1:0']

/** A gateway whose one route leads to its own listener with that scheme and family, as `write` puts it. */
async function startLoop(upstream: (ports: readonly string[]) => RouteInput['upstream'], more: Partial<RouteInput> = {}) {
  const gateway = await startGateway({ listen, routes: [] })
  onTestFinished(() => gateway.close())
  const ports = gateway.gateway.status().listeners.map(({ url }) => new URL(url ?? '').port)
  const route = { id: 'loop', match: { path: '/*' }, ...more, upstream: upstream(ports) }
  await gateway.command('route.save', { route })
  return gateway
}

test.for([
  ['its address', 0, 'http://127.0.0.1'],
  ['its name', 0, 'http://localhost'],
  ['its name with a dot behind', 0, 'http://localhost.'],
  ['a name below localhost', 0, 'http://gateway.localhost'],
  ['an IPv6 address', 1, 'http://[::1]'],
  ['an IPv4 address in IPv6', 0, 'http://[::ffff:127.0.0.1]'],
  ['a number', 0, 'http://2130706433'],
  ['a hexadecimal number', 0, 'http://0x7f000001'],
  ['a short form', 0, 'http://127.1'],
  ['no address at all', 0, 'http://0.0.0.0'],
  ['its TLS address', 2, 'https://127.0.0.1'],
] as const)('a route to the gateway itself by %s is refused with 508 after one hop', async ([, listener, start]) => {
  const url = (ports: readonly string[]) => `${start}:${String(ports[listener])}`
  const gateway = await startLoop((ports) => ({ url: url(ports), tls: { verify: false } }))
  const feed = await gateway.feed()
  const response = await request(gateway.url)
  expect([response.status, (await response.readAll()).toString()]).toEqual([508, expect.stringContaining('loop-detected')])
  await feed.until(() => feed.exchanges.length >= 2 && feed.exchanges.every((one) => one.state !== 'open'))
  expect(feed.exchanges.map((one) => one.error?.code ?? one.state).toSorted()).toEqual(['complete', 'loop-detected'])
})

test.for<readonly [string, Partial<RouteInput>]>([
  ['that takes Via away', { headers: { request: { remove: ['Via', 'via'] } } }],
  ['that sets another Via', { headers: { request: { set: { Via: '1.1 nobody' }, add: { VIA: '1.1 nobody' } } } }],
  ['to a base path', { stripPrefix: true }],
])('a route to the gateway itself %s is refused after one hop all the same', async ([, more]) => {
  const gateway = await startLoop(([port]) => ({ url: `http://127.0.0.1:${String(port)}/.sluice/command` }), more)
  const feed = await gateway.feed()
  const response = await request(`${gateway.url}/a?b`, { method: 'POST', body: '{"name":"config.read"}' })
  expect(response.status).toBe(508)
  await feed.until(() => feed.exchanges.length >= 2 && feed.exchanges.every((one) => one.state !== 'open'))
  expect(feed.exchanges).toHaveLength(2)
})

test('a route to the gateway itself over HTTP/2 is refused after one hop', async () => {
  const gateway = await startLoop(([, , port]) => ({ url: `https://127.0.0.1:${String(port)}`, http2: true, tls: { verify: false } }))
  const response = await request(gateway.url)
  expect([response.status, (await response.readAll()).toString()]).toEqual([508, expect.stringContaining('loop-detected')])
})

test.runIf(process.platform === 'linux')(
  'a running gateway listens on its addresses and for its built-in demo, and on nothing else',
  async () => {
    const folder = await openTempFolder()
    const routes = [{ id: 'demo', match: { path: '/*' }, upstream: 'demo:' }]
    await writeFile(folder.file('sluice.yaml'), JSON.stringify({ version: 1, listen: ['127.0.0.1:0', 'https://127.0.0.1:0'], routes }))
    const sluice = startSluice('serve', '--json', '--config', folder.file('sluice.yaml'), '--data', folder.path)
    onTestFinished(async () => {
      await sluice.close('SIGKILL')
      await folder.close()
    })
    const line = await sluice.line('listening')
    const listeners = line['listeners'] as readonly { readonly url: string | null }[]
    const ports = listeners.map(({ url }) => Number(new URL(url ?? '').port))
    expect(ports).toHaveLength(2)
    const listening = await listeningSockets(sluice.pid)
    expect(listening.unix).toEqual([])
    expect(listening.tcp.map(({ address }) => address)).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1'])
    const others = listening.tcp.map(({ port }) => port).filter((port) => !ports.includes(port))
    expect(others).toHaveLength(1)
    // It shows what is sent to it, and takes no command.
    const demo = await request(`http://127.0.0.1:${String(others[0])}/.sse?every=1&count=1`)
    expect((await demo.readAll()).toString()).toContain('event: server')
  },
)

/** What a process listens on, by the lists of the kernel. */
async function listeningSockets(pid: number): Promise<{ tcp: { address: string; port: number }[]; unix: string[] }> {
  const inodes = new Set<string>()
  for (const descriptor of await readdir(`/proc/${String(pid)}/fd`)) {
    const target = await readlink(`/proc/${String(pid)}/fd/${descriptor}`).catch(() => '')
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1]
    if (inode !== undefined) inodes.add(inode)
  }
  const rows = async (name: string) =>
    (await readFile(`/proc/${String(pid)}/net/${name}`, 'utf8'))
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => row.trim().split(/\s+/))
  const tcp = [...(await rows('tcp')), ...(await rows('tcp6'))]
    .filter((row) => row[3] === '0A' && inodes.has(row[9] ?? ''))
    .map((row) => {
      const [address = '', port = ''] = (row[1] ?? '').split(':')
      const bytes = address.match(/../g)?.toReversed() ?? []
      return { address: bytes.map((byte) => Number.parseInt(byte, 16)).join('.'), port: Number.parseInt(port, 16) }
    })
  // A listening socket has the flag __SO_ACCEPTCON.
  const unix = (await rows('unix')).filter((row) => row[3] === '00010000' && inodes.has(row[6] ?? '')).map((row) => row[7] ?? '(no name)')
  return { tcp, unix }
}
