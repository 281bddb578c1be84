// QUALITY F7: a name is looked up for each new connection; a name without an address is told at once, and served as soon as it has one.
import dns from 'node:dns'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { fetchWhole } from '../support/client.ts'
import { epochMs } from '../support/epoch.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startHttpUpstream } from '../support/upstream.ts'

type Found = (error: NodeJS.ErrnoException | null, addresses: readonly dns.LookupAddress[]) => void

afterEach(() => {
  vi.restoreAllMocks()
})

/** A gateway to `upstream.test`, a name that has the address that `answer` says at each moment. */
async function start(answer: { address: string | null }) {
  const upstream = await startHttpUpstream(
    (incoming, response) => {
      response.setHeader('Connection', 'close').end(incoming.socket.localAddress)
    },
    { host: '0.0.0.0' },
  )
  onTestFinished(() => upstream.close())
  const lookUps: string[] = []
  const lookUp = dns.lookup
  vi.spyOn(dns, 'lookup').mockImplementation(((host: string, options: dns.LookupAllOptions, found: Found) => {
    if (host !== 'upstream.test') {
      lookUp(host, options, found as never)
      return
    }
    lookUps.push(host)
    const error = Object.assign(new Error('getaddrinfo ENOTFOUND upstream.test'), { code: 'ENOTFOUND', hostname: host })
    process.nextTick(() => (answer.address === null ? found(error, []) : found(null, [{ address: answer.address, family: 4 }])))
  }) as unknown as typeof dns.lookup)
  const gateway = await startGateway({ routes: [routeTo(`http://upstream.test:${upstream.port}`)] })
  onTestFinished(() => gateway.close())
  const ask = async () => {
    const { status, text } = await fetchWhole(gateway.url)
    return { status, text }
  }
  return { ask, lookUps }
}

test('a new connection goes where the name leads now', async () => {
  const answer = { address: '127.0.0.2' as string | null }
  const { ask, lookUps } = await start(answer)
  expect(await ask()).toEqual({ status: 200, text: '127.0.0.2' })
  answer.address = '127.0.0.3'
  expect(await ask()).toEqual({ status: 200, text: '127.0.0.3' })
  expect(lookUps).toEqual(['upstream.test', 'upstream.test'])
})

test('a name without an address is told within a second, with what to do, and served as soon as it has one', async () => {
  const answer = { address: null as string | null }
  const { ask } = await start(answer)
  const at = epochMs()
  const { status, text } = await ask()
  expect(epochMs() - at).toBeLessThan(1000)
  expect(status).toBe(502)
  expect(JSON.parse(text)).toMatchObject({
    error: { code: 'upstream-unreachable', message: expect.stringContaining('cannot be resolved') as string },
  })
  answer.address = '127.0.0.2'
  expect(await ask()).toEqual({ status: 200, text: '127.0.0.2' })
})
