// QUALITY B1 over real sockets: whatever is flipped, released, stalled, cut or left, the client's bytes are the upstream's,
// or an exact prefix of them with a destroyed connection. In-process twin: hold-exactness.test.ts.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RouteInput } from '../../proxy-core/contract/route.ts'
import type { FeedReader } from '../support/feed-view.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { runScripts, type Script, type Step } from './support/byte-script.ts'
import { openSpoolFiles } from './support/spool-files.ts'

/** Enough on any machine; on a slow one fewer scripts are tried. */
const scriptSets = 200
const timeLimitMs = 15_000

const policies: readonly RouteInput['buffering'][] = [
  { response: 'off' },
  { response: 'on', holdBytes: 1 },
  { response: 'on', holdBytes: 5000, holdHead: true },
  { response: 'on', holdBytes: null },
  { response: 'on', holdBytes: null, holdMs: 3, memoryBytes: 16_384 },
  { response: 'on', holdBytes: null, memoryBytes: 16_384, spoolBytes: 1_000_000 },
  { response: 'on', holdBytes: 60_000, memoryBytes: 16_384, spoolBytes: 0 },
  { response: 'auto', holdBytes: 700, memoryBytes: 16_384, spoolBytes: 300_000, holdHead: true },
]

const sizeBytes = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.integer({ min: 1, max: 9000 }),
  fc.integer({ min: 10_000, max: 200_000 }),
  fc.integer({ min: 500_000, max: 4_000_000 }),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant('send' as const), bytes: sizeBytes, isAwaited: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant('flip' as const), to: fc.constantFrom('off' as const, 'on' as const, 'auto' as const) }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('override' as const), to: fc.constantFrom('off' as const, 'on' as const, null) }) },
  { weight: 2, arbitrary: fc.constantFrom({ type: 'release' as const }, { type: 'release-route' as const }) },
  { weight: 3, arbitrary: fc.constantFrom({ type: 'pause' as const }, { type: 'resume' as const }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 8 }) }) },
)

const script: fc.Arbitrary<Script> = fc.record({
  route: fc.integer({ min: 0, max: policies.length - 1 }),
  httpVersion: fc.constantFrom('1.1' as const, '1.1' as const, '1.0' as const),
  framing: fc.constantFrom('chunked' as const, 'length' as const, 'close' as const),
  contentType: fc.constantFrom('text/event-stream', 'application/octet-stream'),
  steps: fc.array(step, { minLength: 1, maxLength: 24 }),
  end: fc.oneof(
    { weight: 5, arbitrary: fc.constant('complete' as const) },
    {
      weight: 4,
      arbitrary: fc.constantFrom('cut' as const, 'reset' as const, 'leave' as const, 'leave-by-reset' as const, 'end-here' as const),
    },
  ),
})

let upstream: Upstream
let gateway: TestGateway
let feed: FeedReader
beforeAll(async () => {
  upstream = await startUpstream()
  gateway = await startGateway({
    routes: policies.map((buffering, index) => ({
      id: `route-${index}`,
      match: { path: `/${index}` },
      upstream: upstream.url,
      capture: { enabled: index % 3 !== 0 },
      ...(buffering === undefined ? {} : { buffering }),
    })),
  })
  feed = await gateway.feed()
})
afterAll(async () => {
  await gateway.close()
  await upstream.close()
})

test(
  'the client gets exactly the upstream’s bytes, or an exact prefix of them and a destroyed connection',
  async () => {
    let scripts = 0
    await fc.assert(
      fc.asyncProperty(fc.array(script, { minLength: 1, maxLength: 6 }), async (set) => {
        scripts += set.length
        await runScripts(set, { upstream, gateway, feed })
      }),
      { numRuns: scriptSets, interruptAfterTimeLimit: timeLimitMs, markInterruptAsFailure: false, endOnFailure: true },
    )
    expect(scripts).toBeGreaterThan(100)
    await expect.poll(openSpoolFiles).toEqual([])
    const { routeTotals } = await feed.until(({ totals }) => totals.open === 0 && totals.heldBytes === 0, 'the totals to fall to zero')
    for (const totals of routeTotals.values()) expect(totals.open).toBe(0)
  },
  timeLimitMs + 12_000,
)
