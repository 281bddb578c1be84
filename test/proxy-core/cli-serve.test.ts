import { createServer } from 'node:net'
import { rename, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fetchWhole, request } from '../support/client.ts'
import { startSluice, type Sluice } from '../support/sluice.ts'
import { openTempFolder, type TempFolder } from '../support/temp.ts'

let folder: TempFolder
let sluice: Sluice | undefined

beforeEach(async () => {
  folder = await openTempFolder()
})

afterEach(async () => {
  await sluice?.close('SIGKILL')
  sluice = undefined
  await folder.close()
})

async function serve(...args: string[]): Promise<{ sluice: Sluice; url: string }> {
  sluice = startSluice('serve', '--json', ...args)
  const { url } = await sluice.line('listening')
  return { sluice, url: String(url) }
}

const config = (path: string, rest = '') =>
  `version: 1\nlisten: 127.0.0.1:0\nroutes:\n  - id: demo\n    match: { path: ${path} }\n    upstream: "demo:"\n${rest}`

test('without a config the demo routes are served, and the first line says where', async () => {
  const { sluice, url } = await serve('--listen', '127.0.0.1:0')
  expect(sluice.stdout()).toMatch(/^\{"type":"listening","url":"http:\/\/127\.0\.0\.1:\d+",/)
  expect(sluice.lines()[0]).toMatchObject({
    pid: sluice.pid,
    version: '0.1.0',
    listeners: [{ address: '127.0.0.1:0', url, state: 'listening', error: null }],
  })
  const response = await fetchWhole(`${url}/.sse?every=1&count=3`, { fields: { Accept: 'text/event-stream' } })
  expect(response.text).toMatch(
    /^event: server\n[^]*event: request\ndata: GET \/\.sse\?every=1&count=3 HTTP\/1\.1\n[^]*\nevent: time\n.*\nid: 3\n\n$/,
  )
  for (const field of ['X-Forwarded-For: 127.0.0.1', 'X-Forwarded-Proto: http', 'X-Real-IP: 127.0.0.1']) {
    expect(response.text).toContain(`data: ${field}\n`)
  }
})

test('each exchange is one line when it ends', async () => {
  const { sluice, url } = await serve('--listen', '127.0.0.1:0')
  const whole = await fetchWhole(`${url}/.sse?every=1&count=3`)
  expect(await sluice.line('exchange')).toEqual({
    type: 'exchange',
    id: 1,
    method: 'GET',
    target: '/.sse?every=1&count=3',
    route: 'sse-echo',
    status: 200,
    durationMs: expect.any(Number) as number,
    events: 5,
    bytes: whole.byteCount,
    longestHeldMs: expect.any(Number) as number,
    state: 'complete',
    error: null,
  })

  await fetchWhole(`${url}/nowhere`)
  expect(await sluice.line('exchange', (line) => line['id'] === 2)).toMatchObject({
    route: null,
    status: 404,
    state: 'failed',
    error: 'no-route',
  })

  const left = await request(`${url}/.sse`)
  left.client.close()
  expect(await sluice.line('exchange', (line) => line['id'] === 3)).toMatchObject({ state: 'aborted', error: 'client-aborted' })
})

test('without --json it speaks in words', async () => {
  sluice = startSluice('serve', '--listen', '127.0.0.1:0')
  const stdout = await new Promise<string>((resolve) => sluice?.process.stdout?.once('data', (bytes: Buffer) => resolve(bytes.toString())))
  const [first = '', ...routes] = stdout.trimEnd().split('\n')
  expect(first).toMatch(/^Sluice 0\.1\.0 listens on http:\/\/127\.0\.0\.1:\d+$/)
  expect(routes).toEqual([
    expect.stringMatching(/^ {2}Try: curl -N http:\/\/127\.0\.0\.1:\d+\/\.sse -H "Accept: text\/event-stream"$/),
    '  SSE echo (sse-echo): /.sse → demo:, buffering off',
    '  Chat demo (chat-demo): /v1/* → demo:, buffering off',
  ])
})

describe('the config file', () => {
  test('an edit is followed, an invalid one is told and changes nothing', async () => {
    const file = folder.file('sluice.yaml')
    await writeFile(file, config('/a'))
    const { sluice, url } = await serve('--config', file)
    const status = async (target: string) => (await fetchWhole(url, { target })).status
    expect(await status('/a')).toBe(404)

    await writeFile(`${file}.new`, config('/v1/*'))
    await rename(`${file}.new`, file)
    await sluice.line('config-changed')
    expect(await status('/v1/models')).toBe(200)

    await writeFile(file, config('/v1/*', '    buffering: oof\n'))
    expect(await sluice.line('config-problem')).toMatchObject({ file, issues: [{ line: 7, column: 16 }] })
    expect(await status('/v1/models')).toBe(200)
  })

  test('an invalid one at the start ends the program with FILE:LINE:COLUMN and 2', async () => {
    const file = folder.file('sluice.yaml')
    await writeFile(file, config('/a', '    buffering: oof\n    priority: x\n'))
    sluice = startSluice('serve', '--json', '--config', file)
    expect(await sluice.exited).toBe(2)
    expect(sluice.stderr()).toBe(`${file}:7:16 Write off, on or auto.\n${file}:8:15 Write a number here.\n`)
    expect(sluice.stdout()).toBe('')
  })

  test('a missing one does too', async () => {
    sluice = startSluice('serve', '--config', folder.file('none.yaml'))
    expect(await sluice.exited).toBe(2)
    expect(sluice.stderr()).toBe(`${folder.file('none.yaml')}:1:1 There is no such file.\n`)
  })
})

describe('an address that cannot be listened on', () => {
  test('says why; with no other the program ends with 1', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as { port: number }
    const address = `127.0.0.1:${port}`
    sluice = startSluice('serve', '--json', '--listen', address)
    expect(await sluice.exited).toBe(1)
    expect(sluice.lines()).toEqual([{ type: 'listen-failed', address, code: 'port-in-use', message: expect.any(String) as string }])

    const { sluice: second } = await serve('--listen', address, '--listen', '127.0.0.1:0')
    expect(second.lines()[0]?.type).toBe('listening')
    expect(await second.line('listen-failed')).toMatchObject({ address, code: 'port-in-use' })
    await new Promise((resolve) => taken.close(resolve))
  })

  test('one that other machines reach needs the consent of a config', async () => {
    sluice = startSluice('serve', '--listen', '0.0.0.0:0')
    expect(await sluice.exited).toBe(2)
    expect(sluice.stderr()).toBe('--listen 0.0.0.0:0: This address is not on loopback: it needs remote.allow: true and a remote.token.\n')
  })
})

describe('a signal', () => {
  test.for(['SIGTERM', 'SIGHUP'] as const)(
    '%s lets an open exchange come to its end, refuses new ones, and ends with 0',
    async (signal) => {
      const { sluice, url } = await serve('--listen', '127.0.0.1:0')
      const open = await request(`${url}/.sse?every=20&count=30`)
      await open.waitForText('id: 1\n')
      sluice.signal(signal)
      expect(await sluice.line('stopping')).toEqual({ type: 'stopping', signal, openExchanges: 1, drainMs: 10_000 })
      // A connection that was on its way in when the listener closed is cut instead of refused.
      await expect(request(`${url}/.sse`)).rejects.toThrow(/ECONNREFUSED|closed before the head/)
      await open.readAll()
      expect(open.text).toContain('id: 30\n')
      expect(open.isDestroyedEarly).toBe(false)
      expect(await sluice.exited).toBe(0)
      expect(sluice.lines().at(-1)).toEqual({ type: 'stopped' })
    },
  )

  test('streams that do not end are ended after the time that --drain says, each with its line', async () => {
    const { sluice, url } = await serve('--listen', '127.0.0.1:0', '--drain', '0.3')
    const open = await request(`${url}/.sse`)
    const signalledAt = performance.now()
    sluice.signal('SIGINT')
    expect(await sluice.exited).toBe(0)
    expect(performance.now() - signalledAt).toBeGreaterThanOrEqual(290)
    await open.readAll().catch(() => undefined)
    expect(open.isDestroyedEarly).toBe(true)
    expect(sluice.lines().slice(-3)).toMatchObject([
      { type: 'stopping', signal: 'SIGINT' },
      { type: 'exchange', state: 'failed', error: 'gateway-stopping' },
      { type: 'stopped' },
    ])
  })

  test('a second one ends the program at once', async () => {
    const { sluice, url } = await serve('--listen', '127.0.0.1:0')
    const open = await request(`${url}/.sse`)
    sluice.signal('SIGTERM')
    await sluice.line('stopping')
    sluice.signal('SIGTERM')
    expect(await sluice.exited).toBe(143)
    await open.readAll().catch(() => undefined)
    expect(open.isDestroyedEarly).toBe(true)
  })
})

test('a log that nobody reads any more does not end the gateway', async () => {
  const { sluice, url } = await serve('--listen', '127.0.0.1:0')
  sluice.process.stdout?.destroy()
  for (let round = 0; round < 3; round++) expect((await fetchWhole(`${url}/v1/models`)).status).toBe(200)
  sluice.signal('SIGTERM')
  expect(await sluice.exited).toBe(0)
})
