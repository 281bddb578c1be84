import type { KeptBytes } from '../kept-bytes.ts'

/** Frames are read so many bytes at a time: a message may consist of a million of them. */
const blockBytes = 65_536

/** Where the frames of one message lie in what is kept of its direction; control frames may lie between them. */
export interface FrameSpan {
  readonly start: number
  readonly end: number
  /** A control frame is a message by itself. */
  readonly isControl: boolean
}

/** Unmasks the payload of a message from `skip` on into `target`, as far as that has room, and returns how much that was. */
export function readPayload(kept: KeptBytes, { start, end, isControl }: FrameSpan, skip: number, target: Buffer): number {
  let frameAt = start
  /** Payload of the frames before. */
  let passed = 0
  let written = 0
  let blockAt = start
  let block: Buffer = Buffer.alloc(0)
  while (frameAt < end && written < target.length) {
    if (frameAt < blockAt || frameAt + 14 > blockAt + block.length) {
      blockAt = frameAt
      block = kept.read(frameAt, Math.min(end, frameAt + blockBytes))
    }
    const head = frameHead(block, frameAt - blockAt)
    const payloadAt = frameAt + head.length
    if (head.isControl === isControl) {
      const wantedFrom = Math.max(0, skip + written - passed)
      const wantedTo = Math.min(head.payloadBytes, wantedFrom + target.length - written)
      for (let from = wantedFrom; from < wantedTo;) {
        const at = payloadAt + from
        if (at < blockAt || at >= blockAt + block.length) {
          blockAt = at
          block = kept.read(at, Math.min(end, at + blockBytes))
          if (block.length === 0) return written
        }
        const part = block.subarray(at - blockAt, at - blockAt + wantedTo - from)
        unmask(part, head.key, from, target, written)
        from += part.length
        written += part.length
      }
      passed += head.payloadBytes
    }
    frameAt = payloadAt + head.payloadBytes
  }
  return written
}

/** Bytes without their mask; the first of them was masked with the key's `keyAt`th byte. */
export function unmasked(bytes: Buffer, key: Uint8Array | null, keyAt: number): Buffer {
  if (key === null) return bytes
  const copy = Buffer.allocUnsafe(bytes.length)
  unmask(bytes, key, keyAt, copy, 0)
  return copy
}

function unmask(bytes: Uint8Array, key: Uint8Array | null, keyAt: number, target: Buffer, targetAt: number): void {
  target.set(bytes, targetAt)
  if (key === null) return
  for (let index = 0; index < bytes.length; index++) {
    target[targetAt + index] = (bytes[index] as number) ^ (key[(keyAt + index) & 3] as number)
  }
}

interface FrameHead {
  readonly length: number
  readonly payloadBytes: number
  readonly isControl: boolean
  readonly key: Uint8Array | null
}

/** The scanner has found nothing wrong with it. */
function frameHead(block: Buffer, at: number): FrameHead {
  const second = block[at + 1] ?? 0
  const isMasked = second >= 0x80
  const short = second & 0x7f
  const more = short === 126 ? 2 : short === 127 ? 8 : 0
  const payloadBytes = more === 0 ? short : more === 2 ? block.readUInt16BE(at + 2) : block.readUIntBE(at + 4, 6)
  const length = 2 + more + (isMasked ? 4 : 0)
  return {
    length,
    payloadBytes,
    isControl: ((block[at] ?? 0) & 8) !== 0,
    key: isMasked ? block.subarray(at + length - 4, at + length) : null,
  }
}
