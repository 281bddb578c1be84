import fc from 'fast-check'
import type { Direction, MessageOpcode } from '../../../proxy-core/contract/messages.ts'
import { frame, opcodeNumbers } from '../../support/web-socket-frames.ts'

/** A message of a generated WebSocket, and the frames that carry it. */
export interface ScriptedMessage {
  readonly opcode: MessageOpcode
  readonly payload: Buffer
  readonly frames: number
  /** In the direction's bytes: where its last byte is. */
  readonly end: number
}

/** One direction of a generated WebSocket. */
export interface ScriptedSide {
  readonly bytes: Buffer
  /** In the order in which they are complete. */
  readonly messages: readonly ScriptedMessage[]
}

const control = fc.record({
  opcode: fc.constantFrom<MessageOpcode>('ping', 'pong', 'close'),
  payload: fc.uint8Array({ maxLength: 8 }),
})
const data = fc.record({
  opcode: fc.constantFrom<MessageOpcode>('text', 'binary'),
  /** By fragment: its payload, and a control frame behind it. */
  fragments: fc.array(fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.option(control, { nil: null, freq: 4 })), {
    minLength: 1,
    maxLength: 4,
  }),
})
const part = fc.oneof({ weight: 3, arbitrary: data }, { weight: 1, arbitrary: control })

/** One direction with a few messages, fragmented, with control frames in between, masked when it goes to the upstream. */
export function scriptedSide(direction: Direction): fc.Arbitrary<ScriptedSide> {
  const key = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255))
  return fc.tuple(fc.array(part, { maxLength: 8 }), key).map(([parts, keyBytes]) => {
    const written: Buffer[] = []
    const messages: ScriptedMessage[] = []
    let end = 0
    const write = (opcode: number, payload: Uint8Array, isFinal: boolean): void => {
      const bytes = frame({ opcode, payload, isFinal, key: direction === 'toUpstream' ? keyBytes : null })
      written.push(bytes)
      end += bytes.length
    }
    const writeControl = ({ opcode, payload }: { readonly opcode: MessageOpcode; readonly payload: Uint8Array }): void => {
      write(opcodeNumbers[opcode], payload, true)
      messages.push({ opcode, payload: Buffer.from(payload), frames: 1, end })
    }
    for (const each of parts) {
      if (!('fragments' in each)) {
        writeControl(each)
        continue
      }
      const { opcode, fragments } = each
      fragments.forEach(([payload, between], index) => {
        const isFinal = index === fragments.length - 1
        write(index === 0 ? opcodeNumbers[opcode] : 0, payload, isFinal)
        if (isFinal) messages.push({ opcode, payload: Buffer.concat(fragments.map(([bytes]) => bytes)), frames: fragments.length, end })
        if (between !== null) writeControl(between)
      })
    }
    return { bytes: Buffer.concat(written), messages }
  })
}

/** One thing that happens to a tunnel. */
export type TunnelStep =
  | { readonly type: 'arrive'; readonly direction: Direction; readonly length: number }
  | { readonly type: 'leave'; readonly direction: Direction; readonly share: number }
  | { readonly type: 'forget'; readonly bytes: number }
  | { readonly type: 'capture'; readonly isKeeping: boolean }

const direction = fc.constantFrom<Direction>('toUpstream', 'toClient')

/** What happens to a tunnel, in some order. */
export function tunnelSteps({ forgets }: { readonly forgets: boolean }): fc.Arbitrary<readonly TunnelStep[]> {
  const passing = [
    { weight: 6, arbitrary: fc.record({ type: fc.constant('arrive' as const), direction, length: fc.integer({ min: 1, max: 60 }) }) },
    { weight: 4, arbitrary: fc.record({ type: fc.constant('leave' as const), direction, share: fc.integer({ min: 0, max: 10 }) }) },
  ]
  const losing = [
    { weight: 1, arbitrary: fc.record({ type: fc.constant('forget' as const), bytes: fc.integer({ min: 1, max: 1500 }) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('capture' as const), isKeeping: fc.boolean() }) },
  ]
  return fc.array(fc.oneof(...passing, ...(forgets ? losing : [])), { maxLength: 60 })
}
