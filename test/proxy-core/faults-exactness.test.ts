// Issue 4 §10: whatever a fault on purpose does, the bytes stay the upstream's, once and in order; a cut leaves an exact start of them.
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Faults, faultRoomBytes } from '../../proxy-core/contract/faults.ts'
import { FaultStage } from '../../proxy-core/fault-stage.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

type Step =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'change'; readonly faults: Faults }

const limit = (max: number) => fc.option(fc.integer({ min: 1, max }))
const lateOrInPieces = {
  delayMs: fc.integer({ min: 0, max: 300 }),
  jitterMs: fc.integer({ min: 0, max: 300 }),
  splitBytes: limit(40),
  mergeBytes: limit(200),
  stallAfterEvents: limit(12),
}
const noCut = fc.record(lateOrInPieces).map((faults) => Faults.parse({ enabled: true, ...faults }))
const withCut = fc
  .record({ ...lateOrInPieces, stallAfterEvents: fc.constant(null), cutAfterBytes: limit(300), cutAfterEvents: limit(12) })
  .map((faults) => Faults.parse({ enabled: true, ...faults }))
const piece = fc.constantFrom('data: a\n', 'data: b\n\n', '\n', ': beat\n\n', 'id: 7\r\ndata: c\r\n\r\n', '\r', 'x'.repeat(50), 'data:\r\r')

function steps(faults: fc.Arbitrary<Faults>): fc.Arbitrary<Step[]> {
  return fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ type: fc.constant('text' as const), text: piece }) },
      { weight: 2, arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 400 }) }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('change' as const), faults }) },
    ),
    { maxLength: 60 },
  )
}

function openRig(faults: Faults) {
  const state = { text: '', isFinished: false, isCut: false, isPaused: false, keptBytes: 0 }
  const pieces: string[] = []
  const stage = new FaultStage({
    faults,
    rowKind: 'event',
    now: () => Date.now(),
    push: (chunk) => {
      if (state.isFinished || state.isCut) throw new Error('handed on after the end')
      pieces.push(chunk.toString())
      state.text += chunk.toString()
    },
    finished: () => {
      if (state.isFinished || state.isCut) throw new Error('ended twice')
      state.isFinished = true
    },
    cut: () => {
      if (state.isFinished || state.isCut) throw new Error('cut after the end')
      state.isCut = true
    },
    throttle: (isPaused) => (state.isPaused = isPaused),
    hit: () => undefined,
    keeps: (bytes) => (state.keptBytes = bytes),
  })
  return { stage, state, pieces }
}

function play(stage: FaultStage, played: readonly Step[]): string {
  let pushed = ''
  for (const step of played) {
    if (step.type === 'wait') vi.advanceTimersByTime(step.ms)
    else if (step.type === 'change') stage.follow(step.faults)
    else {
      pushed += step.text
      stage.push(Buffer.from(step.text), Date.now())
    }
  }
  return pushed
}

test('without a cut the client gets exactly the upstream’s bytes, and the end after them', () => {
  fc.assert(
    fc.property(noCut, steps(noCut), fc.boolean(), (faults, played, isLeft) => {
      const { stage, state } = openRig(faults)
      const pushed = play(stage, played)
      expect(pushed.startsWith(state.text)).toBe(true)
      stage.finish()
      // What stalls until the end of all days is let go by switching off alone.
      if (isLeft && !state.isFinished) stage.leave()
      else stage.follow(Faults.parse({ enabled: true }))
      vi.advanceTimersByTime(60_000)
      expect(state).toMatchObject({ text: pushed, isFinished: true, isCut: false, keptBytes: 0 })
    }),
    { numRuns: 500 },
  )
})

test('with a cut the client gets an exact start of the upstream’s bytes, up to the nearest of the limits', () => {
  fc.assert(
    fc.property(withCut, steps(fc.constant(Faults.parse({ enabled: true }))), (faults, played) => {
      const { stage, state } = openRig(faults)
      const pushed = play(
        stage,
        played.filter((step) => step.type !== 'change'),
      )
      stage.finish()
      vi.advanceTimersByTime(60_000)
      const cuts = [faults.cutAfterBytes, endOfEvent(pushed, faults.cutAfterEvents)].filter((at) => at !== null && at <= pushed.length)
      const at = cuts.length > 0 ? Math.min(...(cuts as number[])) : null
      expect(state).toMatchObject({ isCut: at !== null, isFinished: at === null, keptBytes: 0 })
      // A cut at a CRLF may have its LF with it, where both came together.
      const isLfMore = at !== null && pushed[at - 1] === '\r' && state.text.length === at + 1
      expect(state.text).toBe(pushed.slice(0, isLfMore ? at + 1 : (at ?? undefined)))
    }),
    { numRuns: 500 },
  )
})

test('the upstream waits when a fault keeps much, and goes on when it no longer does', () => {
  const { stage, state } = openRig(Faults.parse({ enabled: true, delayMs: 1000 }))
  const chunk = Buffer.alloc(faultRoomBytes / 2, 1)
  stage.push(chunk, Date.now())
  stage.push(chunk, Date.now())
  expect(state.isPaused).toBe(false)
  stage.push(chunk, Date.now())
  expect(state).toMatchObject({ isPaused: true, keptBytes: chunk.length * 3 })
  vi.advanceTimersByTime(1001)
  expect(state).toMatchObject({ isPaused: false, keptBytes: 0, text: '\x01'.repeat(chunk.length * 3) })
})

/** Where the event of that number ends, by a scan of its own: byte by byte, a line at a time. */
function endOfEvent(text: string, number: number | null): number | null {
  if (number === null) return null
  let line = ''
  let hasData = false
  let events = 0
  for (let index = 0; index < text.length; index++) {
    const char = text[index] ?? ''
    if (char === '\n' && text[index - 1] === '\r') continue
    if (char !== '\n' && char !== '\r') {
      line += char
      continue
    }
    if (line === '') {
      if (hasData && ++events === number) return index + 1
      hasData = false
    } else if (/^data(:|$)/.test(line)) hasData = true
    line = ''
  }
  return null
}
