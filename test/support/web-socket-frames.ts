import type { MessageOpcode } from '../../proxy-core/contract/messages.ts'

/** The numbers of RFC 6455 §5.2. */
export const opcodeNumbers: Readonly<Record<MessageOpcode, number>> = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 }

/** One frame as it is written; what is left out is as a server sends it. */
export interface FrameParts {
  readonly opcode: number
  readonly payload?: Uint8Array | string
  readonly isFinal?: boolean
  /** RSV1 to RSV3 as bits 4, 2 and 1. */
  readonly reserved?: number
  readonly key?: readonly [number, number, number, number] | null
  /** Writes the length in so many bytes, whether it needs them or not. */
  readonly lengthBytes?: 0 | 2 | 8
}

/** Writes a frame (RFC 6455 §5.2). */
export function frame({ opcode, payload = '', isFinal = true, reserved = 0, key = null, lengthBytes }: FrameParts): Buffer {
  const bytes = Buffer.from(payload)
  const extra = lengthBytes ?? (bytes.length < 126 ? 0 : bytes.length < 65_536 ? 2 : 8)
  const head = Buffer.alloc(2 + extra)
  head[0] = (isFinal ? 0x80 : 0) | (reserved << 4) | opcode
  head[1] = (key ? 0x80 : 0) | (extra === 0 ? bytes.length : extra === 2 ? 126 : 127)
  if (extra === 2) head.writeUInt16BE(bytes.length, 2)
  else if (extra === 8) head.writeBigUInt64BE(BigInt(bytes.length), 2)
  if (key === null) return Buffer.concat([head, bytes])
  return Buffer.concat([head, Buffer.from(key), bytes.map((byte, index) => byte ^ (key[index % 4] as number))])
}

/** Cuts bytes into chunks of the lengths that come round. */
export function cutBytes(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1
    chunks.push(bytes.subarray(at, at + length))
    at += length
  }
  return chunks
}
