import type { InflateIssue, MessageOpcode } from '../contract/messages.ts'

/** What is known of a message beside its place, in one number for the index. */
export interface PackedMark {
  readonly opcode: MessageOpcode | null
  readonly frames: number
  readonly isCompressed: boolean
  readonly issue: InflateIssue | null
}

const opcodes: readonly (MessageOpcode | null)[] = [null, 'text', 'binary', 'close', 'ping', 'pong']
const issues: readonly (InflateIssue | null)[] = [null, 'invalid', 'too-large', 'not-inflated']

export function packMark({ opcode, frames, isCompressed, issue }: PackedMark): number {
  return opcodes.indexOf(opcode) + 8 * issues.indexOf(issue) + 32 * (isCompressed ? 1 : 0) + 64 * frames
}

export function unpackMark(packed: number): PackedMark {
  const frames = Math.floor(packed / 64)
  const low = packed - frames * 64
  return { opcode: opcodes[low & 7] ?? null, frames, isCompressed: (low & 32) !== 0, issue: issues[(low >> 3) & 3] ?? null }
}

/** A control frame is a message by itself. */
export function isControl(opcode: MessageOpcode | null): boolean {
  return opcode === 'close' || opcode === 'ping' || opcode === 'pong'
}
