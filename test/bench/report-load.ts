import { markdownTable } from './markdown-table.ts'
import type { Crowd, Growth } from './measure-load.ts'

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
  const names = table.find(({ costs }) => costs !== null)?.costs?.map(({ name }) => name) ?? []
  return markdownTable(
    ['streams', 'events/s each', 'bytes', ...names.map((name) => `${name}: µs/event`), ...names.map((name) => `${name}: p99 ms`)],
    table.map(({ streams, eventsPerSecond, eventBytes, costs }) => [
      streams.toLocaleString('en'),
      String(eventsPerSecond),
      eventBytes.toLocaleString('en'),
      ...(costs ?? names.map(() => null)).map((cost) => (cost === null ? '–' : cost.cpuUsPerEvent.toFixed(1))),
      ...(costs ?? names.map(() => null)).map((cost) => (cost === null ? '–' : cost.latencyP99Ms.toFixed(1))),
    ]),
  )
}
