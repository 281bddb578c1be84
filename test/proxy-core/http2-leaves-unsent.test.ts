// QUALITY F2: a client that leaves while its request waits for an HTTP/2 connection that takes nothing leaves nothing behind.
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { constants } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { residentBytes } from '../bench/process-cost.ts'
import { fetchWhole, openClient } from '../support/client.ts'
import { Condition } from '../support/condition.ts'
import { routeTo } from '../support/gateway.ts'
import { startSluice } from '../support/sluice.ts'
import { openTempFolder } from '../support/temp.ts'
import { startUpstream } from '../support/upstream.ts'
import { makeCertificate } from './support/http2-upstream.ts'
import { frameBytes, frameTypes } from './support/http2-wire.ts'
import { spanOf } from './support/measure.ts'

const mostResidentBytes = 1_000_000_000
const windowBytes = 0x7fff_ffff

/** Reads what comes until it is told to wait, with room for all that is sent. */
async function startStoppableUpstream() {
  const { key, cert, certFile } = await makeCertificate()
  const connected = new Condition()
  let socket: TLSSocket | null = null
  let readBytes = 0
  const server = createServer({ key, cert, ALPNProtocols: ['h2'] }, (taken) => {
    socket = taken
    onTestFinished(() => void taken.destroy())
    taken.on('error', () => undefined)
    taken.on('data', (bytes: Buffer) => {
      readBytes += bytes.length
      connected.changed()
    })
    const settings = Buffer.alloc(6)
    settings.writeUInt16BE(constants.NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 0)
    settings.writeUInt32BE(windowBytes, 2)
    const room = Buffer.alloc(4)
    room.writeUInt32BE(windowBytes - 65_535, 0)
    taken.write(frameBytes(frameTypes.indexOf('SETTINGS'), 0, 0, settings))
    taken.write(frameBytes(frameTypes.indexOf('SETTINGS'), 1, 0, Buffer.alloc(0)))
    taken.write(frameBytes(frameTypes.indexOf('WINDOW_UPDATE'), 0, 0, room))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  const url = `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  return {
    upstream: { url, http2: true, tls: { ca: certFile } },
    untilRead: (bytes: number) =>
      connected.until(
        () => readBytes >= bytes,
        () => `${String(bytes)} bytes`,
      ),
    readBytes: () => readBytes,
    stop: () => socket?.pause(),
    goOn: () => socket?.resume(),
  }
}

test('a whole request whose client leaves before it is sent is not sent for ever', async () => {
  const stoppable = await startStoppableUpstream()
  const plain = await startUpstream((exchange) => exchange.answer('fresh'))
  onTestFinished(() => plain.close())
  const folder = await openTempFolder()
  const file = folder.file('sluice.yaml')
  const routes = [{ id: 'stopped', match: { path: '/stopped' }, upstream: stoppable.upstream }, routeTo(plain.url)]
  await writeFile(file, JSON.stringify({ version: 1, listen: ['127.0.0.1:0'], routes }))
  const sluice = startSluice('serve', '--json', '--config', file, '--data', folder.path)
  onTestFinished(async () => {
    await sluice.close('SIGKILL')
    await folder.close()
  })
  const url = String((await sluice.line('listening'))['url'])

  const uploader = await openClient(`${url}/stopped`)
  uploader.write('POST /stopped HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000000\r\n\r\n')
  uploader.write(Buffer.alloc(200_000, 'x'))
  await stoppable.untilRead(150_000)
  stoppable.stop()
  uploader.write(Buffer.alloc(40_000_000, 'x'))
  // Nothing tells that the system takes no more of it but that nothing moves.
  await spanOf(1000)
  const small = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const client = await openClient(`${url}/stopped`)
      client.write('POST /stopped HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello')
      return client
    }),
  )
  // The gateway has taken them all in when it has answered a request that came after them.
  expect((await fetchWhole(`${url}/fresh`)).text).toBe('fresh')
  await spanOf(100)
  for (const client of small) client.leave()
  await sluice.line('exchange', ({ route, state }) => route === 'stopped' && state === 'aborted')
  const readBefore = stoppable.readBytes()
  stoppable.goOn()
  await stoppable.untilRead(readBefore + 1_000_000)
  uploader.leave()
  await expect
    .poll(() => sluice.lines().filter(({ type, state }) => type === 'exchange' && state === 'aborted').length, { timeout: 5000 })
    .toBe(11)
  expect(residentBytes(sluice.pid)).toBeLessThan(mostResidentBytes)
  expect((await fetchWhole(`${url}/fresh`)).text).toBe('fresh')
}, 60_000)
