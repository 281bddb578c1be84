import type { FramingFault, MessageMark } from '../../../proxy-core/contract/messages.ts'
import type { ExchangePlan } from './scripted-plan.ts'

const plain: MessageMark = {
  direction: 'toClient',
  opcode: 'text',
  frames: 1,
  wireBytes: 40,
  isCompressed: false,
  issue: null,
  closeCode: null,
}

const turns: readonly (readonly [mark: Partial<MessageMark>, data: string])[] = [
  [{ direction: 'toUpstream' }, '{"type":"subscribe","channel":"orders","since":1795000000000}'],
  [{}, '{"type":"subscribed","channel":"orders"}'],
  [
    { isCompressed: true, wireBytes: 96 },
    '{"type":"order","id":4711,"lines":[{"sku":"GATE-12","count":2},{"sku":"SLUICE-3","count":1}],"total":"€ 312.40","note":"<script>alert(1)</script>"}',
  ],
  [{ opcode: 'ping' }, 'still there?'],
  [{ opcode: 'pong', direction: 'toUpstream' }, 'still there?'],
  [{ frames: 3, wireBytes: 154 }, 'A longer text that its sender wrote in three fragments, which are one message all the same.'],
  [{ opcode: 'binary' }, '00 01 02 03 fe ff 53 4c 55 49 43 45'],
  [{ direction: 'toUpstream', isCompressed: true, issue: 'not-inflated', opcode: 'text' }, 'aa 56 4a 2c 2d c9 08 a9 2c 48 55 b2'],
  [{ direction: 'toUpstream', opcode: 'ping' }, ''],
  [{ opcode: 'close', closeCode: 1001 }, 'deploying'],
  [{ opcode: 'close', direction: 'toUpstream', closeCode: 1001 }, ''],
]

/** A WebSocket in which both sides say something, of every kind. */
export const messagePlan: ExchangePlan = {
  method: 'GET',
  target: '/orders/socket',
  status: 101,
  contentType: '',
  requestBody: '',
  paceMs: [700, 500],
  rows: turns.length,
  message: (index) => ({ ...plain, ...turns[index % turns.length]?.[0] }),
  say: (index) => ['', null, turns[index % turns.length]?.[1] ?? ''],
}

/** One direction of it that stopped being frames. */
export const framingFault: FramingFault = { direction: 'toClient', rule: 'unknown-opcode', atByte: 6144 }
