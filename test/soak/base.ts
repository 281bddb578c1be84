import { readdir } from 'node:fs/promises'
import type { Findings } from './findings.ts'
import type { Footprint } from './gateway-messages.ts'
import type { GatewayChild } from './gateway-child.ts'

/** What a gateway at rest has in use, file descriptors included. */
export interface Rest extends Footprint {
  readonly descriptors: ReadonlyMap<string, number>
  readonly temporaryFiles: number
}

/** Idle connections to upstreams are kept for 4 s, and checked for each second. */
const restsWithinMs = 20_000
const heapRoomBytes = 8 * 1_048_576
/** What the capture budget may once have filled, and as much as is left to the allocator's habits. */
const residentRoomBytes = (256 + 64) * 1_048_576
/** The same from one part of the run to the next: a leak goes on. */
const residentTrendBytes = 48 * 1_048_576

/** Waits until a gateway that nobody uses is at rest, and measures what it has; without a base, for so long as it changes. */
export async function measureRest(gateway: GatewayChild, temporaryFolder: string, base: Rest | null): Promise<Rest> {
  await gateway.command('exchanges.clear', {})
  const until = Date.now() + restsWithinMs
  let before = ''
  for (;;) {
    const descriptors = gateway.descriptors()
    const text = describe(descriptors)
    const isAtRest = base === null ? text === before : text === describe(base.descriptors)
    if (isAtRest || Date.now() > until) break
    before = text
    await new Promise((resolve) => setTimeout(resolve, base === null ? 7000 : 500))
  }
  await gateway.command('exchanges.clear', {})
  // The feed tells of it by a timer, which is none of what is at rest.
  await new Promise((resolve) => setTimeout(resolve, 200))
  const footprint = await gateway.footprint()
  return { ...footprint, descriptors: gateway.descriptors(), temporaryFiles: (await readdir(temporaryFolder)).length }
}

/** Notes what a gateway at rest has more of than at its base. */
export function compareRest(base: Rest, rests: readonly Rest[], findings: Findings): void {
  const last = rests.at(-1) ?? base
  if (last.openExchanges > 0) findings.add('exchanges are still open at the end', String(last.openExchanges))
  if (last.temporaryFiles > 0) findings.add('temporary files are left', String(last.temporaryFiles))
  const [before, after] = [describe(base.descriptors), describe(last.descriptors)]
  if (before !== after) findings.add('file descriptors are not at their base', `${before} → ${after}`)
  for (const [kind, count] of Object.entries(last.resources)) {
    const atBase = base.resources[kind] ?? 0
    if (count > atBase) findings.add(`more of ${kind} than at the base`, `${String(atBase)} → ${String(count)}`)
  }
  const grown = last.heapBytes + last.externalBytes - base.heapBytes - base.externalBytes
  if (grown > heapRoomBytes) findings.add('memory in use is not at its base', `${mebibytes(grown)} MiB more than after the warm-up`)
  const resident = last.residentBytes - base.residentBytes
  if (resident > residentRoomBytes)
    findings.add('resident memory is not at its base', `${mebibytes(resident)} MiB more than after the warm-up`)
  const half = Math.floor(rests.length / 2)
  if (half === 0) return
  const rise = last.residentBytes - Math.max(...rests.slice(0, half).map((rest) => rest.residentBytes))
  if (rise > residentTrendBytes) findings.add('resident memory rises', `${mebibytes(rise)} MiB more than in the first half of the run`)
}

/** Counts by kind as one line. */
export function describe(descriptors: ReadonlyMap<string, number>): string {
  return [...descriptors]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, count]) => `${String(count)} ${kind}`)
    .join(', ')
}

/** Bytes in MiB, with one digit. */
export function mebibytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(1)
}
