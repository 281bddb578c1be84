// QUALITY F4: a line of 100 MB passes byte-identical in at most 2 s with at most 64 MiB of growth, capture on.
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { residentBytes } from '../bench/process-cost.ts'
import { startGatewayChild } from '../soak/gateway-child.ts'
import { openTempFolder } from '../support/temp.ts'

const mebibyte = 1_048_576
const lineBytes = 100_000_000
const warmUpBytes = 2_000_000

function patterned(size: number): Buffer {
  const line = Buffer.alloc(size)
  // Letters whose order does not repeat in step with any chunk, so that bytes that are lost or swapped show.
  for (let index = 0; index < size; index++) line[index] = 97 + ((index ^ (index >>> 9) ^ (index >>> 17)) & 15)
  line.write('data: ')
  line.write('\n\n', size - 2)
  return line
}

/** The digest of a body of a known size, and how long it took to come. */
function fetchDigest(port: number, target: string, size: number): Promise<{ digest: string; durationMs: number }> {
  return new Promise((resolve, reject) => {
    const hash = createHash('sha1')
    const startedAt = performance.now()
    const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`))
    let head = ''
    let got = 0
    socket.on('data', (bytes: Buffer) => {
      let body = bytes
      if (!head.includes('\r\n\r\n')) {
        head += bytes.toString('latin1')
        const end = head.indexOf('\r\n\r\n')
        if (end === -1) return
        body = Buffer.from(head.slice(end + 4), 'latin1')
        head = head.slice(0, end + 4)
      }
      got += body.length
      hash.update(body)
      if (got < size) return
      resolve({ digest: hash.digest('hex'), durationMs: performance.now() - startedAt })
      socket.destroy()
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error(`The body ended after ${got} bytes.`)))
  })
}

test.skipIf(process.platform !== 'linux').for(['off', 'on', 'auto'] as const)(
  'a line of 100 MB passes whole, at once and without being gathered in memory, with buffering %s',
  { timeout: 30_000 },
  async (buffering) => {
    const line = patterned(lineBytes)
    const upstream = createServer((socket) => {
      socket.on('error', () => socket.destroy())
      socket.on('data', (request: Buffer) => {
        const body = request.includes('/warm-up') ? line.subarray(lineBytes - warmUpBytes) : line
        socket.write(`HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: ${body.length}\r\n\r\n`)
        socket.write(body)
      })
    })
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void upstream.close())
    const folder = await openTempFolder()
    onTestFinished(() => folder.close())
    const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
    const routes = [{ id: 'all', match: { path: '/*' }, upstream: url, buffering }]
    await writeFile(folder.file('sluice.yaml'), JSON.stringify({ version: 1, listen: '127.0.0.1:0', routes }))
    const gateway = await startGatewayChild(folder.file('sluice.yaml'), { temporaryFolder: folder.path })
    onTestFinished(() => gateway.close())
    const port = Number(new URL(gateway.url).port)
    for (let count = 0; count < 3; count++) await fetchDigest(port, '/warm-up', warmUpBytes)
    await gateway.footprint()
    const beforeBytes = residentBytes(gateway.pid)
    let peakBytes = 0
    const sampler = setInterval(() => (peakBytes = Math.max(peakBytes, residentBytes(gateway.pid))), 10)
    const { digest, durationMs } = await fetchDigest(port, '/line', lineBytes)
    clearInterval(sampler)

    expect(digest).toBe(createHash('sha1').update(line).digest('hex'))
    expect(durationMs).toBeLessThan(2000)
    // What is captured has a bound of its own (64 MiB per exchange), which the gateway tells.
    const { capturedBytes } = await gateway.footprint()
    expect((peakBytes - beforeBytes - capturedBytes) / mebibyte).toBeLessThan(64)
  },
)
