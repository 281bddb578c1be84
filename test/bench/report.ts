import { markdownTable } from './markdown-table.ts'
import type { Measured } from './measure.ts'
import type { Crowd, Watched } from './measure-load.ts'
import { median } from './statistics.ts'
import type { TargetName } from './targets.ts'

/** What paced streams cost, as a table in Markdown: medians over the rounds, the range in brackets. */
export function streamsTable(all: readonly Measured[]): string {
  const nginx = find(all, 'nginx')
  const direct = find(all, 'direct')
  const rows = all.map((one) => [
    one.name,
    withRange(one.cpuUsPerEvent, 1),
    one.cpuUsPerEvent.length > 0 && nginx && nginx.cpuUsPerEvent.length > 0
      ? `${(median(one.cpuUsPerEvent) / median(nginx.cpuUsPerEvent)).toFixed(2)} ×`
      : '–',
    addedText(one, direct, 'latencyP50Ms'),
    addedText(one, direct, 'latencyP99Ms'),
    withRange(one.leaveP99Ms, 1),
    `${(one.deliveredPart * 100).toFixed(1)} %`,
  ])
  return markdownTable(['path', 'CPU µs per event', 'to nginx', 'added p50 ms', 'added p99 ms', 'leave p99 ms', 'delivered'], rows)
}

/** Memory, large bodies and small requests, as a table in Markdown. */
export function bodiesTable(all: readonly Measured[], quietStreams: number): string {
  const mebibytes = (value: number | null) => (value === null ? '–' : (value / 1_048_576).toFixed(0))
  const rows = all.map((one) => [
    one.name,
    one.bytesPerQuietStream === null ? '–' : (one.bytesPerQuietStream / 1024).toFixed(1),
    mebibytes(one.largeBytesPerSecond),
    mebibytes(one.uploadBytesPerSecond),
    one.requestsPerSecond === null ? '–' : one.requestsPerSecond.toFixed(0),
    one.cpuUsPerRequest === null ? '–' : one.cpuUsPerRequest.toFixed(0),
  ])
  const heads = [
    'path',
    `KiB per quiet stream (${String(quietStreams)})`,
    'large body MiB/s',
    'upload MiB/s',
    'requests/s',
    'CPU µs per request',
  ]
  return markdownTable(heads, rows)
}

/** Which figures do not count, in a sentence; empty when all do. */
export function warning(all: readonly Measured[]): string {
  const late = all.filter((one) => one.deliveredPart < 0.98).map((one) => one.name)
  return late.length === 0
    ? ''
    : `The machine could not keep up in some round of ${late.join(', ')} (under 98 % delivered): run it again when it is quiet.\n`
}

/** One bar of the design: what was measured against it, and whether it is met; null when a part of it was not measured. */
interface Bar {
  readonly what: string
  readonly limit: string
  readonly value: number | null
  readonly isMet: boolean
  readonly unit: string
}

/** What was measured besides the targets. */
export interface Besides {
  readonly crowds: readonly Crowd[]
  readonly watched: Watched | null
}

/** The bars that these figures can be held against, as a table in Markdown. */
export function barsTable(all: readonly Measured[], besides: Besides): string {
  return markdownTable(
    ['what', 'bar', 'measured', ''],
    bars(all, besides).map(({ what, limit, value, isMet, unit }) => [
      what,
      limit,
      value === null ? 'not measured' : `${value.toFixed(2)}${unit}`,
      value === null ? '–' : isMet ? 'met' : 'NOT MET',
    ]),
  )
}

function bars(all: readonly Measured[], { crowds, watched }: Besides): readonly Bar[] {
  const on = find(all, 'sluice with capture')
  const off = find(all, 'sluice without capture')
  const nginx = find(all, 'nginx')
  const caddy = find(all, 'caddy')
  const p50Gap = on && nginx && nginx.latencyP50Ms.length > 0 ? median(on.latencyP50Ms) - median(nginx.latencyP50Ms) : null
  const memory = on?.bytesPerQuietStream ?? null
  const libraries = [find(all, 'http-proxy-3'), find(all, 'reply-from')].map(cpu).filter((value) => value !== null)
  const crowd = crowds.find(({ name }) => name === 'sluice with capture')
  return [
    atMost('CPU per event, with capture', ratio(cpu(on), cpu(nginx)), 2, ' × nginx'),
    atMost('CPU per event, with capture', ratio(cpu(on), cpu(caddy)), 1, ' × Caddy'),
    atMost(
      'CPU per event, without capture',
      ratio(cpu(off), libraries.length === 2 ? Math.min(...libraries) : null),
      0.8,
      ' × the best library',
    ),
    atMost('CPU per event, with to without capture', ratio(cpu(on), cpu(off)), 1.15, ' ×'),
    atMost('latency p50, with capture, beyond nginx', p50Gap, 1, ' ms'),
    atMost('added latency p99, with capture', on ? added(on, find(all, 'direct'), 'latencyP99Ms') : null, 15, ' ms'),
    atMost('memory per quiet stream, with capture', memory === null ? null : memory / 1024, 40, ' KiB'),
    atMost('client leaves to upstream closed, p99', on && on.leaveP99Ms.length > 0 ? median(on.leaveP99Ms) : null, 50, ' ms'),
    atLeast('large body, with capture', ratio(on?.largeBytesPerSecond ?? null, nginx?.largeBytesPerSecond ?? null), 0.7, ' × nginx'),
    atMost('a window that watches to none', watched ? median(watched.watched) / median(watched.alone) : null, 1.15, ' ×'),
    atMost('streams with an event in 5 s: latency p99', crowd?.latencyP99Ms ?? null, 25, ' ms'),
    atMost('streams with an event in 5 s: memory of each', crowd ? crowd.bytesPerStream / 1024 : null, 60, ' KiB'),
    atMost('streams with an event in 5 s: of a core', crowd ? crowd.coreShare * 100 : null, 40, ' %'),
  ]
}

function atMost(what: string, value: number | null, limit: number, unit: string): Bar {
  return { what, value, unit, limit: `≤ ${String(limit)}${unit}`, isMet: value !== null && value <= limit }
}

function atLeast(what: string, value: number | null, limit: number, unit: string): Bar {
  return { what, value, unit, limit: `≥ ${String(limit)}${unit}`, isMet: value !== null && value >= limit }
}

function cpu(one: Measured | undefined): number | null {
  return one === undefined || one.cpuUsPerEvent.length === 0 ? null : median(one.cpuUsPerEvent)
}

function ratio(value: number | null, to: number | null): number | null {
  return value === null || to === null ? null : value / to
}

/** How much later than without a hop, in the same run. */
function added(one: Measured, direct: Measured | undefined, key: 'latencyP50Ms' | 'latencyP99Ms'): number | null {
  return direct === undefined || one[key].length === 0 ? null : median(one[key]) - median(direct[key])
}

function addedText(one: Measured, direct: Measured | undefined, key: 'latencyP50Ms' | 'latencyP99Ms'): string {
  if (one[key].length === 0) return '–'
  if (one === direct) return `(${median(one[key]).toFixed(2)} in all)`
  const value = added(one, direct, key)
  return value === null ? '–' : value.toFixed(2)
}

function withRange(values: readonly number[], digits: number): string {
  if (values.length === 0) return '–'
  return `${fixed(median(values), digits)} (${fixed(Math.min(...values), digits)}–${fixed(Math.max(...values), digits)})`
}

/** A leave that the upstream never saw counts as endless. */
function fixed(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : 'never'
}

function find(all: readonly Measured[], name: TargetName): Measured | undefined {
  return all.find((one) => one.name === name)
}
