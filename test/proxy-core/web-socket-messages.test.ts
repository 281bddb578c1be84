import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CaptureBudget } from '../../proxy-core/capture.ts'
import type { Direction } from '../../proxy-core/contract/messages.ts'
import { readBody, readRowBytes, readRowDetail, readRows, readTimeline } from '../../proxy-core/rows.ts'
import { readStretch } from '../../proxy-core/stretch.ts'
import { readMessages, storeMessages } from '../../proxy-core/history/stored-messages.ts'
import { MessageLog } from '../../proxy-core/web-socket/message-log.ts'
import { openMessages } from '../../proxy-core/web-socket/open-messages.ts'
import { frame } from '../support/web-socket-frames.ts'
import { scriptedSide, tunnelSteps, type ScriptedSide, type TunnelStep } from './support/web-socket-script.ts'

const key = [1, 2, 3, 4] as const
const unbounded = (): CaptureBudget => new CaptureBudget(1e9, 1e9)
const sides = fc.record({ toUpstream: scriptedSide('toUpstream'), toClient: scriptedSide('toClient') })
type Sides = Readonly<Record<Direction, ScriptedSide>>

/** Plays what happens, and then lets all arrive and leave that has not; tells when which byte did. */
function play(log: MessageLog, script: Sides, steps: readonly TunnelStep[], budget: CaptureBudget) {
  const arrived = { toUpstream: [] as number[], toClient: [] as number[] }
  const left = { toUpstream: [] as number[], toClient: [] as number[] }
  let at = 1_700_000_000_000
  const arrive = (direction: Direction, length: number): void => {
    const chunk = script[direction].bytes.subarray(arrived[direction].length, arrived[direction].length + length)
    if (chunk.length > 0) log.arrived(direction, chunk, at)
    for (let byte = 0; byte < chunk.length; byte++) arrived[direction].push(at)
  }
  const leave = (direction: Direction, bytes: number): void => {
    if (bytes > 0) log.left(direction, bytes, at)
    for (let byte = 0; byte < bytes; byte++) left[direction].push(at)
  }
  for (const step of steps) {
    at += 1
    if (step.type === 'arrive') arrive(step.direction, step.length)
    else if (step.type === 'leave')
      leave(step.direction, Math.ceil(((arrived[step.direction].length - left[step.direction].length) * step.share) / 10))
    else if (step.type === 'forget') log.forgetOldest(step.bytes)
    else budget.isKeeping = step.isKeeping
  }
  return { arrived, left }
}

describe('the rows of a WebSocket', () => {
  test('are its messages of both directions in the order of arrival, with their bytes and both clocks, however the bytes are cut', () => {
    fc.assert(
      fc.property(sides, tunnelSteps({ forgets: false }), (script, steps) => {
        const budget = unbounded()
        const log = new MessageLog(budget, { deflate: null })
        const { arrived, left } = play(log, script, steps, budget)
        const expected = (['toUpstream', 'toClient'] as const)
          .flatMap((direction) =>
            script[direction].messages
              .filter(({ end }) => end <= arrived[direction].length)
              .map(({ opcode, payload, frames, end }) => ({
                direction,
                opcode,
                frames,
                text: payload.toString('hex'),
                arrivedAt: arrived[direction][end - 1] ?? 0,
                leftAt: left[direction][end - 1] ?? null,
              })),
          )
          .sort((one, other) => one.arrivedAt - other.arrivedAt)
        const { rows, leftRows, total } = readRows(log, 0, 1000)
        const seen = rows.map(({ index, message, arrivedAt, leftAt, bytes }) => {
          const text = Buffer.from(readRowBytes(log, index, { from: 0, to: bytes })?.bytes ?? []).toString('hex')
          return { direction: message?.direction, opcode: message?.opcode, frames: message?.frames, text, arrivedAt, leftAt }
        })
        expect(seen).toEqual(expected)
        expect([total, leftRows]).toEqual([expected.length, expected.filter(({ leftAt }) => leftAt !== null).length])
        expect(log.events).toBe(expected.filter(({ opcode }) => opcode === 'text' || opcode === 'binary').length)
        const settled = expected.findIndex(({ leftAt }) => leftAt === null)
        expect(log.settledRows).toBe(settled < 0 ? expected.length : settled)
      }),
      { numRuns: 2000 },
    )
  })

  test('are the same when they are written down and opened again, whatever was forgotten or not kept of them', async () => {
    await fc.assert(
      fc.asyncProperty(sides, tunnelSteps({ forgets: true }), async (script, steps) => {
        const budget = unbounded()
        const log = new MessageLog(budget, { deflate: null })
        play(log, script, steps, budget)
        const opened = await openMessages(structuredClone(log.record()), unbounded(), { isPinned: false })
        expect(lookInto(opened)).toEqual(lookInto(log))
        expect(structuredClone(opened.record())).toEqual(structuredClone(log.record()))
        // The history writes them down in a form of its own.
        const kept = await openMessages(readMessages(structuredClone(await storeMessages(log.record()))), unbounded(), { isPinned: false })
        expect(lookInto(kept)).toEqual(lookInto(log))
        expect(structuredClone(kept.record())).toEqual(structuredClone(log.record()))
      }),
      { numRuns: 1000 },
    )
  })

  test('give back to the budget all that they took', () => {
    fc.assert(
      fc.property(sides, tunnelSteps({ forgets: true }), (script, steps) => {
        const budget = unbounded()
        const log = new MessageLog(budget, { deflate: null })
        play(log, script, steps, budget)
        log.forgetAll()
        expect([budget.usedBytes, log.usedBytes]).toEqual([0, 0])
      }),
      { numRuns: 500 },
    )
  })

  test('count what left in a stretch of time by the clock of each, also when one direction waits', async () => {
    const log = new MessageLog(unbounded(), { deflate: null })
    const down = frame({ opcode: 1, payload: 'down' })
    const up = frame({ opcode: 1, payload: 'up', key })
    log.arrived('toClient', down, 10)
    for (const at of [20, 30, 40]) {
      log.arrived('toUpstream', up, at)
      log.left('toUpstream', up.length, at + 1)
    }
    log.left('toClient', down.length, 100)
    expect(await readStretch(log, { from: 15, to: 35, endedAt: null })).toMatchObject({ rows: 2, leftRows: 2, longestHeldMs: 1 })
    expect(await readStretch(log, { from: 90, to: 110, endedAt: null })).toMatchObject({ rows: 0, leftRows: 1 })
    expect([15, 100, 101].map((time) => log.firstLeftSince(time))).toEqual([0, 0, 4])
  })
})

describe('what is kept of a WebSocket', () => {
  test('is nothing while capture is stopped: clocks and lengths go on', () => {
    const budget = unbounded()
    const log = new MessageLog(budget, { deflate: null })
    budget.isKeeping = false
    const bytes = frame({ opcode: 1, payload: 'secret' })
    log.arrived('toClient', bytes, 5)
    log.left('toClient', bytes.length, 6)
    expect(readRows(log, 0, 1).rows).toMatchObject([{ isKept: false, preview: '', bytes: 6, arrivedAt: 5, leftAt: 6 }])
    expect(log.read(0, 6).includes('secret')).toBe(false)
    expect([log.unkept.bytes, log.unkept.from]).toEqual([bytes.length, 5])
  })

  test('stays within the budget when a message never ends, and when a million messages say nothing', () => {
    const budget = new CaptureBudget(2_000_000, 1_000_000)
    const endless = new MessageLog(budget, { deflate: null })
    endless.arrived('toClient', Buffer.from('827f0000010000000000', 'hex'), 1)
    for (let sent = 0; sent < 200; sent++) endless.arrived('toClient', Buffer.alloc(65_536), 2 + sent)
    expect(budget.usedBytes).toBeLessThan(1_100_000)
    const empty = new MessageLog(budget, { deflate: null })
    const pings = Buffer.concat(Array.from({ length: 32_768 }, () => frame({ opcode: 9 })))
    for (let sent = 0; sent < 31; sent++) empty.arrived('toClient', pings, 300 + sent)
    expect(empty.rows).toBe(31 * 32_768)
    expect(budget.usedBytes).toBeLessThan(2_000_000)
  })
})

describe('bytes that are no frames', () => {
  test('are chunks from there on, with the rule and the place, and the other direction goes on', () => {
    const log = new MessageLog(unbounded(), { deflate: null })
    const good = frame({ opcode: 1, payload: 'fine' })
    log.arrived('toClient', Buffer.concat([good, Buffer.from('HTTP/1.1 200 OK')]), 1)
    log.arrived('toClient', Buffer.from('more'), 2)
    log.arrived('toUpstream', frame({ opcode: 1, payload: 'still here', key }), 3)
    expect(log.faults).toEqual([{ direction: 'toClient', rule: 'reserved-bits', atByte: good.length }])
    expect(readRows(log, 0, 9).rows.map(({ type, preview, message }) => [type, preview, message?.opcode])).toEqual([
      ['message', 'fine', 'text'],
      ['chunk', 'HTTP/1.1 200 OK', null],
      ['chunk', 'more', null],
      ['message', 'still here', 'text'],
    ])
  })
})

describe('one message in full', () => {
  const detailOf = (...frames: readonly Buffer[]) => {
    const log = new MessageLog(unbounded(), { deflate: null })
    log.arrived('toClient', Buffer.concat(frames), 1)
    return readRowDetail(log, 0)
  }

  test('of a close message says its code and its reason', () => {
    const payload = Buffer.concat([Buffer.from([0x03, 0xe9]), Buffer.from('going away')])
    expect(detailOf(frame({ opcode: 8, payload }))).toMatchObject({
      preview: 'going away',
      data: 'going away',
      message: { opcode: 'close', closeCode: 1001 },
    })
    expect(detailOf(frame({ opcode: 8 }))).toMatchObject({ preview: '', data: '', message: { opcode: 'close', closeCode: null } })
  })

  test('of bytes shows them in hex, and a text that is no UTF-8 says where', () => {
    expect(detailOf(frame({ opcode: 2, payload: Buffer.from([0, 1, 255]) }))).toMatchObject({ preview: '00 01 ff' })
    expect(detailOf(frame({ opcode: 1, payload: Buffer.from([65, 255]) }))).toMatchObject({ hasInvalidUtf8: true, invalidUtf8At: 1 })
  })

  test('in a hundred thousand fragments is read in no time, and a large one is cut as other values are', () => {
    const fragments = Array.from({ length: 100_000 }, (_, index) =>
      frame({ opcode: index === 0 ? 1 : 0, payload: 'ab', isFinal: index === 99_999 }),
    )
    expect(detailOf(...fragments)).toMatchObject({ bytes: 200_000, data: 'ab'.repeat(100_000), message: { frames: 100_000 } })
    const large = detailOf(frame({ opcode: 1, payload: Buffer.alloc(3_000_000, 'x') }))
    expect([large?.bytes, large?.omittedBytes]).toEqual([3_000_000, 3_000_000 - 1_048_576])
  })
})

/** What can be seen of a log. */
function lookInto(log: MessageLog) {
  const { rows, ...range } = readRows(log, 0, 2000)
  return {
    ...range,
    rows,
    details: rows.map(({ index }) => readRowDetail(log, index)),
    bodies: (['toUpstream', 'toClient'] as const).map((direction) => readBody(log.sideSource(direction), 0, 1e6)),
    timeline: readTimeline(log, [], { from: 1_700_000_000_000, to: 1_700_000_000_050, columns: 40 }),
    faults: log.faults,
  }
}
