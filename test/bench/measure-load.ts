import { attempt, eventBytes, type Bench } from './measure.ts'
import { median } from './statistics.ts'
import { startTarget, startWatched, type Target, type TargetName } from './targets.ts'

/** What many nearly quiet streams cost at once (QUALITY F5). */
export interface Crowd {
  readonly name: TargetName
  readonly streams: number
  readonly coreShare: number
  readonly bytesPerStream: number
  readonly latencyP99Ms: number
  readonly deliveredPart: number
}

/** One load of the table of growth. */
interface Cell {
  readonly streams: number
  readonly eventsPerSecond: number
  readonly eventBytes: number
}

/** What one target spent on an event of a load. */
interface GrowthCost {
  readonly name: TargetName
  readonly cpuUsPerEvent: number
  readonly latencyP99Ms: number
}

/** A load, and what each target spent on an event of it; null where the load is more than is tried. */
export interface Growth extends Cell {
  readonly costs: readonly GrowthCost[] | null
}

const crowdNames: readonly TargetName[] = ['nginx', 'sluice with capture']
const crowdEventsPerSecond = 0.2
/** Beyond this the load itself is what runs out of time. */
const mostEventsPerSecond = 20_000
const longestCellMs = 4000

/** As many streams as memory is weighed with, each with an event in five seconds. */
export async function measureCrowd(bench: Bench): Promise<readonly Crowd[]> {
  const { upstream, options, say } = bench
  const crowds: Crowd[] = []
  for (const name of crowdNames.filter((candidate) => options.names.includes(candidate))) {
    await attempt(bench, `the crowd of ${name}`, async () => {
      const target = await startTarget(name, upstream.port)
      try {
        crowds.push(await measureOneCrowd(name, target, bench))
        say(`${name}: ${String(options.quietStreams)} streams with an event in five seconds are done`)
      } finally {
        await target.close()
      }
    })
  }
  return crowds
}

async function measureOneCrowd(name: TargetName, { port, pid }: Target, { load, options }: Bench): Promise<Crowd> {
  const times = options.isQuick ? { settleMs: 2000, measureMs: 6000 } : { settleMs: 6000, measureMs: 20_000 }
  const streams = options.quietStreams
  const paced = await load.ask({ type: 'pace', port, pid, streams, eventsPerSecond: crowdEventsPerSecond, eventBytes, ...times })
  return {
    name,
    streams,
    coreShare: paced.coreShare ?? Number.NaN,
    bytesPerStream: paced.bytesPerStream ?? Number.NaN,
    latencyP99Ms: paced.latencyP99Ms,
    deliveredPart: paced.events / paced.expectedEvents,
  }
}

/** CPU time of the gateway's thread per event, by round: while no window watches, and while one does. */
export interface Watched {
  readonly alone: readonly number[]
  readonly watched: readonly number[]
}

/** The same gateway with and without a window that looks at its exchanges and follows the rows of one, in turns; null when it fails. */
export async function measureWatched(bench: Bench): Promise<Watched | null> {
  const { upstream, load, options, say } = bench
  const costs: { readonly alone: number[]; readonly watched: number[] } = { alone: [], watched: [] }
  const turn = async ({ port, pid }: Target, measureMs: number): Promise<number> => {
    const { streams, eventsPerSecond, settleMs } = options
    const order = { type: 'pace', port, pid, streams, eventsPerSecond, eventBytes, settleMs, measureMs, isMainThreadAlone: true } as const
    return (await load.ask(order)).cpuUsPerEvent ?? Number.NaN
  }
  await attempt(bench, 'a watching window', async () => {
    const alone = await startWatched(upstream.port, false)
    const watched = await startWatched(upstream.port, true)
    try {
      const warmUpMs = options.isQuick ? 2500 : 10_000
      await turn(alone, warmUpMs)
      await turn(watched, warmUpMs)
      for (let round = 0; round < options.rounds; round++) {
        const [one, other] = [await turn(alone, options.measureMs), await turn(watched, options.measureMs)]
        costs.alone.push(one)
        costs.watched.push(other)
      }
    } finally {
      await alone.close()
      await watched.close()
    }
  })
  if (costs.watched.length === 0) return null
  say(`a watching window: ${median(costs.watched).toFixed(1)} µs/event, without one ${median(costs.alone).toFixed(1)}`)
  return costs
}

/** How the cost of an event grows with the number of streams, their pace and the size of an event. */
export async function measureGrowth(bench: Bench): Promise<readonly Growth[]> {
  const { upstream, options, say } = bench
  const targets = new Map<TargetName, Target>()
  const table: Growth[] = []
  try {
    for (const name of crowdNames.filter((candidate) => options.names.includes(candidate))) {
      await attempt(bench, `the growth of ${name}`, async () => void targets.set(name, await startTarget(name, upstream.port)))
    }
    for (const cell of growthCells()) {
      const isTooMuch = cell.streams * cell.eventsPerSecond > mostEventsPerSecond
      const costs: GrowthCost[] = []
      for (const [name, target] of isTooMuch ? [] : targets) {
        await attempt(bench, `${name} with ${inWords(cell)}`, async () => void costs.push(await measureCell(name, target, cell, bench)))
      }
      table.push({ ...cell, costs: isTooMuch ? null : costs })
      say(`${inWords(cell)} ${isTooMuch ? 'left out' : 'done'}`)
    }
  } finally {
    for (const target of targets.values()) await target.close()
  }
  return table
}

async function measureCell(name: TargetName, { port, pid }: Target, cell: Cell, { load, options }: Bench): Promise<GrowthCost> {
  const measureMs = Math.min(options.measureMs, longestCellMs)
  const paced = await load.ask({ type: 'pace', port, pid, ...cell, settleMs: options.settleMs + 1000, measureMs })
  return { name, cpuUsPerEvent: paced.cpuUsPerEvent ?? Number.NaN, latencyP99Ms: paced.latencyP99Ms }
}

function inWords({ streams, eventsPerSecond, eventBytes }: Cell): string {
  return `${String(streams)} streams × ${String(eventsPerSecond)}/s × ${String(eventBytes)} B`
}

function growthCells(): readonly Cell[] {
  const paces = [1, 10, 100].flatMap((eventsPerSecond) =>
    [1, 10, 100, 1000, 5000].map((streams) => ({ streams, eventsPerSecond, eventBytes: 100 })),
  )
  const sizes = [1024, 102_400].map((bytes) => ({ streams: 100, eventsPerSecond: 10, eventBytes: bytes }))
  return [...paces, ...sizes]
}
