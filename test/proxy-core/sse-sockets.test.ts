import { expect, it, onTestFinished } from 'vitest'
import { request } from '../support/client.ts'
import { decodeBlocks, scanBlocks } from '../support/sse-scan.ts'
import { startHttpUpstream } from '../support/upstream.ts'

const events = 2000

it('finds every event of a stream in the pieces in which a socket delivers it', async () => {
  const texts = Array.from({ length: events }, (_, index) => `event ${String(index)} …${'x'.repeat((index * 37) % 900)}`)
  const upstream = await startHttpUpstream((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    const body = Buffer.from(texts.map((text, index) => `data: ${text}${['\n\n', '\r\n\r\n', '\r\r'][index % 3] ?? ''}`).join(''))
    // Pieces of a prime length put their edges everywhere, inside characters and line ends too.
    for (let start = 0; start < body.length; start += 577) response.write(body.subarray(start, start + 577))
    response.end()
  })
  onTestFinished(() => upstream.close())

  const response = await request(upstream.url)
  const bytes = await response.readAll()
  const pieces = response.pieces.map((piece) => piece.bytes)
  expect(pieces.length).toBeGreaterThan(100)
  const blocks = scanBlocks(pieces)
  expect(blocks.every((block) => block.type === 'event')).toBe(true)
  expect(decodeBlocks(bytes, blocks).map((event) => event.data)).toEqual(texts)
  response.client.close()
})
