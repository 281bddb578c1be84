import type { BenchOptions } from './options.ts'
import { startWorker, type Paced, type Worker } from './process-messages.ts'
import { median, quantile } from './statistics.ts'
import { missing, startTarget, type Target, type TargetName } from './targets.ts'

/** What was measured of one target, one value per round where there are rounds. */
export interface Measured {
  readonly name: TargetName
  readonly cpuUsPerEvent: readonly number[]
  readonly latencyP50Ms: readonly number[]
  readonly latencyP99Ms: readonly number[]
  /** From a client's leaving to the end of the upstream's connection. */
  readonly leaveP99Ms: readonly number[]
  /** The smallest part of the expected events that arrived in any round. */
  readonly deliveredPart: number
  readonly bytesPerQuietStream: number | null
  readonly largeBytesPerSecond: number | null
  readonly uploadBytesPerSecond: number | null
  readonly requestsPerSecond: number | null
  readonly cpuUsPerRequest: number | null
}

/** The processes around whatever is measured. */
export interface Bench {
  readonly upstream: Worker
  readonly load: Worker
  readonly options: BenchOptions
  readonly say: Say
  /** What is not among the figures, and why. */
  readonly leftOut: string[]
}

/** Length of the events whose cost is compared. */
export const eventBytes = 140
/** Node compiles what is hot in its first 15 seconds, and costs up to half as much again until then. */
const warmUpMs = 15_000
/** Small requests are so many that a second or two does. */
const shortWarmUpMs = 2500
const onNode: ReadonlySet<TargetName> = new Set([
  'raw relay',
  'http-proxy-3',
  'reply-from',
  'sluice without capture',
  'sluice with capture',
])

/** What is told while it runs. */
export type Say = (line: string) => void

/** Starts an upstream and a load, and ends them when the work is done. */
export async function withBench<T>(options: BenchOptions, say: Say, work: (bench: Bench) => Promise<T>): Promise<T> {
  const upstream = await startWorker('upstream-process.ts')
  const load = await startWorker('load-process.ts')
  try {
    return await work({ upstream, load, options, say, leftOut: [] })
  } finally {
    upstream.close()
    load.close()
  }
}

/** Measures all targets, in turns. Those that are missing are told of and left out. */
export async function measureTargets(bench: Bench): Promise<readonly Measured[]> {
  const { parts, names: asked } = bench.options
  const names = asked.filter((name) => {
    const reason = missing(name)
    if (reason !== null) leaveOut(bench, name, reason)
    return reason === null
  })
  const paced = parts.includes('paced') ? await measurePaced(names, bench) : null
  const alone = parts.includes('alone') ? await measureAlone(names, bench) : null
  return names.map((name) => ({ name, ...(paced?.get(name) ?? notPaced), ...(alone?.get(name) ?? notAlone) }))
}

/** Does one part of the work; where it fails, the others are done all the same. */
export async function attempt(bench: Bench, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    leaveOut(bench, what, error instanceof Error ? error.message : String(error))
  }
}

function leaveOut({ say, leftOut }: Bench, what: string, reason: string): void {
  say(`${what}: left out, ${reason}`)
  leftOut.push(`${what} (${reason})`)
}

type AloneResult = Pick<
  Measured,
  'bytesPerQuietStream' | 'largeBytesPerSecond' | 'uploadBytesPerSecond' | 'requestsPerSecond' | 'cpuUsPerRequest'
>
const notAlone: AloneResult = {
  bytesPerQuietStream: null,
  largeBytesPerSecond: null,
  uploadBytesPerSecond: null,
  requestsPerSecond: null,
  cpuUsPerRequest: null,
}
type PacedResult = Omit<Measured, 'name' | keyof AloneResult>
const notPaced: PacedResult = { cpuUsPerEvent: [], latencyP50Ms: [], latencyP99Ms: [], leaveP99Ms: [], deliveredPart: 1 }

/** All targets stay up and take turns, so that none is measured cold and a busy moment of the machine hits no one alone. */
async function measurePaced(names: readonly TargetName[], bench: Bench): Promise<ReadonlyMap<TargetName, PacedResult>> {
  const { options, say } = bench
  const targets = new Map<TargetName, Target>()
  const turns = new Map<TargetName, Turn[]>(names.map((name) => [name, []]))
  try {
    for (const name of names) {
      await attempt(bench, name, async () => {
        const target = await startTarget(name, bench.upstream.port)
        targets.set(name, target)
        if (onNode.has(name)) await takeTurn(target, bench, { settleMs: 0, measureMs: options.isQuick ? shortWarmUpMs : warmUpMs })
      })
    }
    for (let round = 0; round < options.rounds; round++) {
      const order = names.map((_, index) => names[(index + round) % names.length] as TargetName)
      for (const name of order) {
        const target = targets.get(name)
        if (target === undefined) continue
        await attempt(bench, `round ${String(round + 1)} of ${name}`, async () => {
          const turn = await takeTurn(target, bench, options)
          turns.get(name)?.push(turn)
          const cpu = turn.cpuUsPerEvent === null ? '' : `${turn.cpuUsPerEvent.toFixed(1)} µs/event, `
          say(`round ${String(round + 1)}, ${name}: ${cpu}p50 ${turn.latencyP50Ms.toFixed(2)} ms, p99 ${turn.latencyP99Ms.toFixed(2)} ms`)
        })
      }
    }
  } finally {
    for (const target of targets.values()) await target.close()
  }
  return new Map([...turns].map(([name, list]) => [name, pacedResult(list)]))
}

interface Turn extends Paced {
  readonly leaveP99Ms: number
}

async function takeTurn(
  { port, pid }: Target,
  { upstream, load, options }: Bench,
  pace: Pick<BenchOptions, 'settleMs' | 'measureMs'>,
): Promise<Turn> {
  const { streams, eventsPerSecond } = options
  await upstream.ask({ type: 'closes' })
  const paced = await load.ask({
    type: 'pace',
    port,
    pid,
    streams,
    eventsPerSecond,
    eventBytes,
    settleMs: pace.settleMs,
    measureMs: pace.measureMs,
  })
  const closedAtUs = await closesOf(upstream, Object.keys(paced.leftAtUs))
  const leavesMs = Object.entries(paced.leftAtUs).map(([id, leftAtUs]) => ((closedAtUs[id] ?? Number.POSITIVE_INFINITY) - leftAtUs) / 1000)
  return { ...paced, leaveP99Ms: quantile(leavesMs, 0.99) }
}

/** When the upstream saw these streams closed; after a second it is not waited for any longer. */
async function closesOf(upstream: Worker, ids: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const closedAtUs: Record<string, number> = {}
  for (let waitedMs = 0; waitedMs < 1000 && !ids.every((id) => id in closedAtUs); waitedMs += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    Object.assign(closedAtUs, (await upstream.ask({ type: 'closes' })).closedAtUs)
  }
  return closedAtUs
}

function pacedResult(turns: readonly Turn[]): PacedResult {
  if (turns.length === 0) return notPaced
  return {
    cpuUsPerEvent: turns.map((turn) => turn.cpuUsPerEvent).filter((value) => value !== null),
    latencyP50Ms: turns.map((turn) => turn.latencyP50Ms),
    latencyP99Ms: turns.map((turn) => turn.latencyP99Ms),
    leaveP99Ms: turns.map((turn) => turn.leaveP99Ms),
    deliveredPart: Math.min(...turns.map((turn) => turn.events / turn.expectedEvents)),
  }
}

/** Memory, throughput and small requests, each target in a process of its own that has done nothing before. */
async function measureAlone(names: readonly TargetName[], bench: Bench): Promise<ReadonlyMap<TargetName, AloneResult>> {
  const { upstream, say } = bench
  const results = new Map<TargetName, AloneResult>()
  for (const name of names) {
    await attempt(bench, `memory, large bodies and small requests of ${name}`, async () => {
      const target = await startTarget(name, upstream.port)
      try {
        results.set(name, await measureOneAlone(target, bench))
        say(`${name}: memory, large bodies and small requests are done`)
      } finally {
        await target.close()
      }
    })
  }
  return results
}

async function measureOneAlone({ port, pid }: Target, { load, options }: Bench): Promise<AloneResult> {
  const streams = options.quietStreams
  const held = streams === 0 ? null : await load.ask({ type: 'hold', port, pid, streams, settleMs: options.settleMs })
  const large: number[] = []
  const uploads: number[] = []
  for (let round = 0; round < 3 && options.largeBytes > 0; round++) {
    large.push((await load.ask({ type: 'fetch', port, bytes: options.largeBytes })).bytesPerSecond)
    uploads.push((await load.ask({ type: 'upload', port, bytes: options.uploadBytes })).bytesPerSecond)
  }
  const requested = await load.ask({
    type: 'requests',
    port,
    pid,
    connections: options.connections,
    settleMs: shortWarmUpMs,
    measureMs: options.measureMs,
  })
  return {
    bytesPerQuietStream: held?.bytesPerStream ?? null,
    largeBytesPerSecond: large.length === 0 ? null : median(large),
    uploadBytesPerSecond: uploads.length === 0 ? null : median(uploads),
    ...requested,
  }
}
