import { eventBytes, type Bench } from './measure.ts'
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

/** One load of the table of growth, and what each target spent on an event of it; null where the load is more than is tried. */
export interface Growth {
  readonly streams: number
  readonly eventsPerSecond: number
  readonly eventBytes: number
  readonly costs: readonly { readonly name: TargetName; readonly cpuUsPerEvent: number; readonly latencyP99Ms: number }[] | null
}

const crowdNames: readonly TargetName[] = ['nginx', 'sluice with capture']
const crowdEventsPerSecond = 0.2
/** Beyond this the load itself is what runs out of time. */
const mostEventsPerSecond = 20_000

/** As many streams as memory is weighed with, each with an event in five seconds. */
export async function measureCrowd({ upstream, load, options, say }: Bench): Promise<readonly Crowd[]> {
  const crowds: Crowd[] = []
  for (const name of crowdNames.filter((candidate) => options.names.includes(candidate))) {
    const target = await startTarget(name, upstream.port)
    try {
      const paced = await load.ask({
        type: 'pace',
        port: target.port,
        pid: target.pid,
        streams: options.quietStreams,
        eventsPerSecond: crowdEventsPerSecond,
        eventBytes,
        settleMs: 6000,
        measureMs: 20_000,
      })
      crowds.push({
        name,
        streams: options.quietStreams,
        coreShare: paced.coreShare ?? Number.NaN,
        bytesPerStream: paced.bytesPerStream ?? Number.NaN,
        latencyP99Ms: paced.latencyP99Ms,
        deliveredPart: paced.events / paced.expectedEvents,
      })
      say(`${name}: ${String(options.quietStreams)} streams with an event in five seconds are done`)
    } finally {
      await target.close()
    }
  }
  return crowds
}

/** CPU time of the gateway's thread per event, by round: while no window watches, and while one does. */
export interface Watched {
  readonly alone: readonly number[]
  readonly watched: readonly number[]
}

/** The same gateway with and without a window that looks at its exchanges and follows the rows of one, in turns. */
export async function measureWatched({ upstream, load, options, say }: Bench): Promise<Watched> {
  const alone = await startWatched(upstream.port, false)
  const watched = await startWatched(upstream.port, true)
  const costs: { readonly alone: number[]; readonly watched: number[] } = { alone: [], watched: [] }
  const turn = async ({ port, pid }: Target, measureMs: number): Promise<number> => {
    const { streams, eventsPerSecond, settleMs } = options
    const order = { type: 'pace', port, pid, streams, eventsPerSecond, eventBytes, settleMs, measureMs, isMainThreadAlone: true } as const
    return (await load.ask(order)).cpuUsPerEvent ?? Number.NaN
  }
  try {
    const warmUpMs = options.isQuick ? 2500 : 10_000
    await turn(alone, warmUpMs)
    await turn(watched, warmUpMs)
    for (let round = 0; round < options.rounds; round++) {
      costs.alone.push(await turn(alone, options.measureMs))
      costs.watched.push(await turn(watched, options.measureMs))
    }
  } finally {
    await alone.close()
    await watched.close()
  }
  say(`a watching window: ${median(costs.watched).toFixed(1)} µs/event, without one ${median(costs.alone).toFixed(1)}`)
  return costs
}

/** How the cost of an event grows with the number of streams, their pace and the size of an event. */
export async function measureGrowth({ upstream, load, options, say }: Bench): Promise<readonly Growth[]> {
  const targets = new Map<TargetName, Target>()
  const table: Growth[] = []
  try {
    for (const name of crowdNames.filter((candidate) => options.names.includes(candidate))) {
      targets.set(name, await startTarget(name, upstream.port))
    }
    for (const cell of growthCells()) {
      const costs = []
      for (const [name, { port, pid }] of cell.streams * cell.eventsPerSecond > mostEventsPerSecond ? [] : targets) {
        const paced = await load.ask({ type: 'pace', port, pid, ...cell, settleMs: options.settleMs + 1000, measureMs: 4000 })
        costs.push({ name, cpuUsPerEvent: paced.cpuUsPerEvent ?? Number.NaN, latencyP99Ms: paced.latencyP99Ms })
      }
      table.push({ ...cell, costs: costs.length === 0 ? null : costs })
      say(
        `${String(cell.streams)} streams × ${String(cell.eventsPerSecond)}/s × ${String(cell.eventBytes)} B ${costs.length === 0 ? 'left out' : 'done'}`,
      )
    }
  } finally {
    for (const target of targets.values()) await target.close()
  }
  return table
}

function growthCells(): readonly Omit<Growth, 'costs'>[] {
  const paces = [1, 10, 100].flatMap((eventsPerSecond) =>
    [1, 10, 100, 1000, 5000].map((streams) => ({ streams, eventsPerSecond, eventBytes: 100 })),
  )
  const sizes = [1024, 102_400].map((bytes) => ({ streams: 100, eventsPerSecond: 10, eventBytes: bytes }))
  return [...paces, ...sizes]
}
