import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { holdRig } from './support/hold-rig.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** What may happen to a response between its first byte and its last. */
type Step =
  | { readonly type: 'chunk'; readonly bytes: number }
  | { readonly type: 'flip'; readonly mode: 'off' | 'on'; readonly holdBytes: number | null; readonly holdMs: number | null }
  | { readonly type: 'release' | 'drain' | 'stall' }
  | { readonly type: 'wait'; readonly ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('chunk' as const),
      bytes: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9000 })),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('flip' as const),
      mode: fc.constantFrom('off' as const, 'on' as const),
      holdBytes: fc.option(fc.integer({ min: 1, max: 5000 })),
      holdMs: fc.option(fc.integer({ min: 1, max: 500 })),
    }),
  },
  { weight: 3, arbitrary: fc.constantFrom({ type: 'release' as const }, { type: 'drain' as const }, { type: 'stall' as const }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 600 }) }) },
)

test('whatever is flipped, released or stalled, the client gets exactly the upstream’s bytes', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 100, max: 20_000 }), (steps, memoryBytes) => {
      const { hold, state, drain, sent } = holdRig(memoryBytes)
      const pushed: Buffer[] = []
      let serial = 0
      for (const one of steps) {
        switch (one.type) {
          case 'chunk': {
            // An upstream that was told to wait sends nothing.
            if (state.isPaused) break
            const chunk = Buffer.from(Array.from({ length: one.bytes }, () => serial++ & 255))
            pushed.push(chunk)
            hold.push(chunk, Date.now())
            break
          }
          case 'flip':
            hold.follow({ at: 0, reason: 'route', ...one })
            break
          case 'release':
            hold.release()
            break
          case 'drain':
            drain()
            break
          case 'stall':
            state.isStalling = true
            break
          case 'wait':
            vi.advanceTimersByTime(one.ms)
        }
        const all = Buffer.concat(pushed)
        expect(sent().equals(all.subarray(0, sent().length))).toBe(true)
        expect(hold.heldBytes).toBe(state.held)
        expect(sent().length + hold.pendingBytes).toBeGreaterThanOrEqual(all.length)
        // Nothing is stuck: a paused upstream has a reason that the client or a release can lift.
        if (state.isPaused) expect(state.isBlocked).toBe(true)
      }
      hold.finish()
      for (let turn = 0; turn < 3 && !state.isFinished; turn++) drain()
      expect(state.isFinished).toBe(true)
      expect(sent().equals(Buffer.concat(pushed))).toBe(true)
      expect(state.left).toBe(sent().length)
      expect(vi.getTimerCount()).toBe(0)
    }),
    { numRuns: 3000 },
  )
})
