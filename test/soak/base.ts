import { readdir } from 'node:fs/promises'
import { median } from '../bench/statistics.ts'
import type { Findings } from './findings.ts'
import type { Footprint } from './gateway-messages.ts'
import type { GatewayChild } from './gateway-child.ts'

/** What a gateway at rest has in use, file descriptors included. */
export interface Rest extends Footprint {
  readonly descriptors: ReadonlyMap<string, number>
  readonly temporaryFiles: number
  /** What captures had filled before they were cleared. */
  readonly filledBytes: number
}

/** Idle connections to upstreams are kept for 4 s, and checked for each second. */
const restsWithinMs = 20_000
const heapRoomBytes = 8 * 1_048_576
/** Beside what captures may fill, so much is left to the allocator's habits. */
const residentRoomBytes = 64 * 1_048_576
/** From one rest to the next, as the median: a leak goes on, and a burst makes the allocator take some 50 MiB more once. */
const residentStepBytes = 8 * 1_048_576
/** With fewer rests a leak can't be told from a burst by that. */
const fewestSteps = 4
/** Of memory in use, which the allocator has no part in, from the first half of the run to its end. */
const heapTrendBytes = 2 * 1_048_576

/** Waits until a gateway that nobody uses is at rest, and measures what it has; without a base, for so long as it changes. */
export async function measureRest(gateway: GatewayChild, temporaryFolder: string, base: Rest | null): Promise<Rest> {
  const { capturedBytes: filledBytes } = await gateway.footprint()
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
  const temporaryFiles = (await readdir(temporaryFolder)).length
  return { ...footprint, descriptors: gateway.descriptors(), temporaryFiles, filledBytes }
}

/** In how many parts, with a rest behind each, a run of so long is done. */
export function partsOf(ms: number, most: number): number {
  return Math.max(1, Math.min(most, Math.round(ms / 60_000)))
}

/** What of a gateway is compared. */
export interface Rests {
  readonly base: Rest
  /** In the order of the run; none where it has ended before. */
  readonly rests: readonly Rest[]
  /** What its captures may fill. */
  readonly captureBytes: number
}

/** Notes what a gateway at rest has more of than at its base; `what` is which gateway that is. */
export function compareRest(what: string, { base, rests, captureBytes }: Rests, findings: Findings): void {
  const last = rests.at(-1) ?? base
  const add = (kind: string, example: string): void => findings.add(kind, `${what}: ${example}`)
  if (last.openExchanges > 0) add('exchanges are still open at the end', String(last.openExchanges))
  if (last.temporaryFiles > 0) add('temporary files are left', String(last.temporaryFiles))
  const [before, after] = [describe(base.descriptors), describe(last.descriptors)]
  if (before !== after) add('file descriptors are not at their base', `${before} → ${after}`)
  for (const [kind, count] of Object.entries(last.resources)) {
    const atBase = base.resources[kind] ?? 0
    if (count > atBase) add(`more of ${kind} than at the base`, `${String(atBase)} → ${String(count)}`)
  }
  const grown = inUseBytes(last) - inUseBytes(base)
  if (grown > heapRoomBytes) add('memory in use is not at its base', `${mebibytes(grown)} MiB more than after the warm-up`)
  const resident = last.residentBytes - base.residentBytes
  if (resident > captureBytes + residentRoomBytes)
    add('resident memory is not at its base', `${mebibytes(resident)} MiB more than after the warm-up`)
  const half = Math.floor(rests.length / 2)
  if (half === 0) return
  const early = rests.slice(0, half)
  const inUse = inUseBytes(last) - Math.max(...early.map(inUseBytes))
  if (inUse > heapTrendBytes) add('memory in use rises', `${mebibytes(inUse)} MiB more than in the first half of the run`)
  const steps = rests.map((rest, index) => rest.residentBytes - (rests[index - 1] ?? base).residentBytes)
  const step = median(steps)
  if (steps.length >= fewestSteps && step > residentStepBytes)
    add('resident memory rises', `${mebibytes(step)} MiB from one rest to the next`)
}

/** A gateway at rest as one line. */
export function restText(rest: Rest): string {
  const descriptors = [...rest.descriptors.values()].reduce((sum, count) => sum + count, 0)
  const resources = Object.entries(rest.resources).map(([kind, count]) => `${String(count)} ${kind}`)
  return `${String(descriptors)} descriptors, ${String(rest.openExchanges)} open, heap ${mebibytes(rest.heapBytes)} + ${mebibytes(rest.externalBytes)} MiB, RSS ${mebibytes(rest.residentBytes)} MiB (captures had ${mebibytes(rest.filledBytes)}), ${resources.join(' ')}`
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

function inUseBytes({ heapBytes, externalBytes }: Footprint): number {
  return heapBytes + externalBytes
}
