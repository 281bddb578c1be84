import { z } from 'zod'
import type { MessageOpcode } from '../contract/messages.ts'
import type { MessageLog } from '../web-socket/message-log.ts'
import { keptRows } from './export-source.ts'
import { ImportedMessages } from './imported-messages.ts'

const opcodeNumbers: Readonly<Record<MessageOpcode, number>> = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 }
const opcodes = new Map(Object.entries(opcodeNumbers).map(([opcode, number]) => [number, opcode as MessageOpcode]))

/** A message in a HAR file, as browsers write it: `time` in seconds, text as it is and all else in base64. */
export const HarMessage = z.object({
  type: z.enum(['send', 'receive']),
  time: z.number(),
  opcode: z.number(),
  data: z.string().catch(''),
  _arrivedAt: z.number().optional(),
  _leftAt: z.number().nullable().optional(),
  _compressed: z.boolean().optional(),
})

/** The messages of a WebSocket in `_webSocketMessages`, each with `_arrivedAt` and `_leftAt` beside its `time`. */
export function* harMessages(log: MessageLog): Generator<string> {
  yield ',"_resourceType":"websocket","_webSocketMessages":['
  let isFirst = true
  for (const { bounds, bytes, arrivedAt, leftAt } of keptRows(log)) {
    const mark = bounds.message
    if (!mark?.opcode || !log.isWhole(bounds.start, bounds.end)) continue
    const isText = mark.opcode === 'text' && mark.issue !== 'not-inflated'
    const message: z.output<typeof HarMessage> = {
      type: mark.direction === 'toUpstream' ? 'send' : 'receive',
      time: arrivedAt / 1000,
      opcode: opcodeNumbers[mark.opcode],
      data: bytes.toString(isText ? 'utf8' : 'base64'),
      _arrivedAt: arrivedAt,
      _leftAt: leftAt,
      ...(mark.isCompressed ? { _compressed: true } : {}),
    }
    yield `${isFirst ? '' : ','}${JSON.stringify(message)}`
    isFirst = false
  }
  yield ']'
}

/** The messages that an entry tells of. One that has one time has that on both clocks. */
export function messagesOf(told: readonly z.output<typeof HarMessage>[]): ImportedMessages {
  const messages = new ImportedMessages()
  for (const { type, time, opcode: number, data, _arrivedAt, _leftAt, _compressed = false } of told) {
    const opcode = opcodes.get(number) ?? null
    const text = Buffer.from(data, opcode === 'text' ? 'utf8' : 'base64')
    const arrivedAt = _arrivedAt ?? time * 1000
    messages.add({
      direction: type === 'send' ? 'toUpstream' : 'toClient',
      opcode,
      frames: 1,
      isCompressed: _compressed,
      issue: null,
      wireBytes: text.length,
      text,
      arrivedAt,
      leftAt: _leftAt === undefined ? arrivedAt : _leftAt,
    })
  }
  return messages
}
