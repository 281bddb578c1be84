// QUALITY F3, shortened: `npm run soak -- --stalled` has it in full. What is captured has a bound of its own and is not counted here.
import { expect, test } from 'vitest'
import { stallClients } from '../soak/stalled.ts'

const mebibyte = 1_048_576

test.skipIf(process.platform !== 'linux')(
  'twenty clients that stop reading cost little memory, once and for all, and delay no other stream',
  async () => {
    const stalled = await stallClients({ clients: 20, ms: 3000, isCaptured: true })
    // Far more than what the gateway may keep was on offer.
    expect(stalled.sentBytes).toBeGreaterThan(100 * mebibyte)
    expect((stalled.growthBytes - stalled.capturedBytes) / mebibyte).toBeLessThan(64)
    expect(stalled.lateGrowthBytes / mebibyte).toBeLessThan(8)
    expect(stalled.lostEvents).toBe(0)
    expect(stalled.p50Ms).toBeLessThan(stalled.p50BeforeMs + 10)
  },
  30_000,
)
