import { gzipSync } from 'node:zlib'
import type { Content } from './life-plan.ts'
import { Random } from './random.ts'

const poolBytes = 4_194_304
// Any stretch of them differs from its neighbours, so that bytes that are lost, doubled or swapped show.
const bytes = Buffer.alloc(poolBytes)
const letters = Buffer.alloc(poolBytes)
const random = new Random(1)
for (let index = 0; index < poolBytes; index++) {
  bytes[index] = random.int(0, 255)
  letters[index] = 97 + random.int(0, 25)
}

export const contentTypes: Readonly<Record<Content, Readonly<Record<string, string>>>> = {
  events: { 'Content-Type': 'text/event-stream; charset=utf-8' },
  lines: { 'Content-Type': 'application/x-ndjson' },
  text: { 'Content-Type': 'text/plain' },
  'gzip events': { 'Content-Type': 'text/event-stream', 'Content-Encoding': 'gzip' },
  bytes: { 'Content-Type': 'application/octet-stream' },
}

/** The next piece of a body, of about that size. */
export function drawPiece(draw: Random, content: Content, size: number): Buffer {
  const start = draw.int(0, poolBytes - size)
  const text = () => letters.toString('latin1', start, start + size)
  switch (content) {
    case 'events':
      return Buffer.from(`id: ${String(start)}\ndata: ${text()}${draw.chance(0.9) ? '\n\n' : ''}`)
    case 'lines':
      return Buffer.from(`{"text":"${text()}"}\n`)
    case 'text':
      return letters.subarray(start, start + size)
    case 'gzip events':
      // A gzip body may have many members, so that each event stands for itself.
      return gzipSync(`data: ${text()}\n\n`, { level: 1 })
    case 'bytes':
      return bytes.subarray(start, start + size)
  }
}

/** A stretch of random bytes. */
export function drawBytes(draw: Random, size: number): Buffer {
  const parts: Buffer[] = []
  for (let left = size; left > 0; left -= poolBytes) parts.push(drawPiece(draw, 'bytes', Math.min(left, poolBytes)))
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
}
