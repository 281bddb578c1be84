import { markdownTable } from './markdown-table.ts'
import type { Crowd, Growth } from './measure-load.ts'
import type { TargetName } from './targets.ts'

/** What many nearly quiet streams cost, as a table in Markdown. */
export function crowdTable(crowds: readonly Crowd[]): string {
  return markdownTable(
    ['path', 'streams', 'of a core', 'KiB each', 'p99 ms', 'delivered'],
    crowds.map((crowd) => [
      crowd.name,
      crowd.streams.toLocaleString('en'),
      `${(crowd.coreShare * 100).toFixed(1)} %`,
      (crowd.bytesPerStream / 1024).toFixed(1),
      crowd.latencyP99Ms.toFixed(2),
      `${(crowd.deliveredPart * 100).toFixed(1)} %`,
    ]),
  )
}

/** CPU per event by load, ours beside nginx, as a table in Markdown. */
export function growthTable(table: readonly Growth[]): string {
  const names = [...new Set(table.flatMap(({ costs }) => costs?.map(({ name }) => name) ?? []))]
  return markdownTable(
    ['streams', 'events/s each', 'bytes', ...names.map((name) => `${name}: µs/event`), ...names.map((name) => `${name}: p99 ms`)],
    table.map(({ streams, eventsPerSecond, eventBytes, costs }) => {
      const cost = (name: TargetName) => costs?.find((one) => one.name === name)
      return [
        streams.toLocaleString('en'),
        String(eventsPerSecond),
        eventBytes.toLocaleString('en'),
        ...names.map((name) => shown(cost(name)?.cpuUsPerEvent)),
        ...names.map((name) => shown(cost(name)?.latencyP99Ms)),
      ]
    }),
  )
}

/** A load of an event a second may have had none; what is no number becomes null on its way between processes. */
function shown(value: number | null | undefined): string {
  return typeof value === 'number' && Number.isFinite(value) ? value.toFixed(1) : '–'
}
