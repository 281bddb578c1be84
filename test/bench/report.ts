import type { Measured } from './measure.ts'
import type { BenchOptions } from './options.ts'
import { median } from './statistics.ts'
import type { TargetName } from './targets.ts'

/** The figures of one run as a table in Markdown: medians over the rounds, the range in brackets. */
export function figuresTable(all: readonly Measured[], options: BenchOptions): string {
  const nginx = find(all, 'nginx')
  const direct = find(all, 'direct')
  const rows = all.map((one) => [
    one.name,
    withRange(one.cpuUsPerEvent, 1),
    one.cpuUsPerEvent.length > 0 && nginx ? `${(median(one.cpuUsPerEvent) / median(nginx.cpuUsPerEvent)).toFixed(2)} ×` : '–',
    addedText(one, direct, 'latencyP50Ms'),
    addedText(one, direct, 'latencyP99Ms'),
    withRange(one.leaveP99Ms, 1),
    one.bytesPerQuietStream === null ? '–' : (one.bytesPerQuietStream / 1024).toFixed(1),
    one.largeBytesPerSecond === null ? '–' : (one.largeBytesPerSecond / 1_048_576).toFixed(0),
    `${(one.deliveredPart * 100).toFixed(1)} %`,
  ])
  const heads = [
    'path',
    'CPU µs per event',
    'to nginx',
    'added p50 ms',
    'added p99 ms',
    'leave p99 ms',
    `KiB per quiet stream (${String(options.quietStreams)})`,
    'large body MiB/s',
    'delivered',
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

/** The bars that these figures can be held against, as a table in Markdown. */
export function barsTable(all: readonly Measured[]): string {
  return markdownTable(
    ['what', 'bar', 'measured', ''],
    bars(all).map(({ what, limit, value, isMet, unit }) => [
      what,
      limit,
      value === null ? 'not measured' : `${value.toFixed(2)}${unit}`,
      value === null ? '–' : isMet ? 'met' : 'NOT MET',
    ]),
  )
}

function bars(all: readonly Measured[]): readonly Bar[] {
  const on = find(all, 'sluice with capture')
  const off = find(all, 'sluice without capture')
  const nginx = find(all, 'nginx')
  const caddy = find(all, 'caddy')
  const p50Gap = on && nginx ? median(on.latencyP50Ms) - median(nginx.latencyP50Ms) : null
  const memory = on?.bytesPerQuietStream ?? null
  return [
    atMost('CPU per event, with capture', ratio(cpu(on), cpu(nginx)), 2, ' × nginx'),
    atMost('CPU per event, with capture', ratio(cpu(on), cpu(caddy)), 1, ' × Caddy'),
    atMost('CPU per event, with to without capture', ratio(cpu(on), cpu(off)), 1.15, ' ×'),
    atMost('latency p50, with capture, beyond nginx', p50Gap, 1, ' ms'),
    atMost('added latency p99, with capture', on ? added(on, find(all, 'direct'), 'latencyP99Ms') : null, 15, ' ms'),
    atMost('memory per quiet stream, with capture', memory === null ? null : memory / 1024, 40, ' KiB'),
    atMost('client leaves to upstream closed, p99', on ? median(on.leaveP99Ms) : null, 50, ' ms'),
    atLeast('large body, with capture', ratio(on?.largeBytesPerSecond ?? null, nginx?.largeBytesPerSecond ?? null), 0.7, ' × nginx'),
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
  return direct === undefined ? null : median(one[key]) - median(direct[key])
}

function addedText(one: Measured, direct: Measured | undefined, key: 'latencyP50Ms' | 'latencyP99Ms'): string {
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

function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) => Math.max(head.length, 3, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(heads), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
