import type { ErrorCode, ErrorReport } from '../proxy-core/contract/errors.ts'
import type { Exchange, Verdict } from '../proxy-core/contract/exchange.ts'
import type { Route } from '../proxy-core/contract/route.ts'

/** What a colour says, so that a word always goes with it. */
export type Tone = 'flow' | 'out' | 'held' | 'bad' | 'neutral'

/** Words and the colour that goes with them. */
export interface Label {
  readonly words: string
  readonly tone: Tone
}

/** A count of bytes as people read it: `118 B`, `12.4 KB`, `3.0 MB`; a KB is 1,000 bytes. */
export function formatBytes(bytes: number): string {
  return scaled(bytes, 1000, ['B', 'KB', 'MB', 'GB', 'TB'])
}

/** A limit that was set in powers of two: `8 KiB`, `256 MiB`; other values fall back to whole bytes. */
export function formatLimit(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && value % 1024 === 0 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${formatCount(value)} ${units[unit]}`
}

/** Whole mebibytes, for the capture budget: `38`. */
export function formatMebibytes(bytes: number): string {
  const value = bytes / 1_048_576
  return value > 0 && value < 1 ? '<1' : formatCount(Math.round(value))
}

/** A count with its thousands set apart: `12,345`. */
export function formatCount(count: number): string {
  return count < 1000 ? String(count) : String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** A count for a narrow column: `12,345`, from a million on `1.2 M`. */
export function formatShortCount(count: number): string {
  return count < 999_950 ? formatCount(count) : scaled(count, 1000, ['', 'K', 'M', 'G', 'T'])
}

/** A rate per second: `0`, `1.0`, `42`, `5,012`. */
export function formatRate(perSecond: number): string {
  if (perSecond < 0.05) return '0'
  return perSecond < 9.95 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond))
}

/** A measured duration: `0.4 ms`, `47 ms`, `2.41 s`, `12.4 s`, `2 min 5 s`, `1 h 4 min`. */
export function formatDuration(ms: number): string {
  if (ms < 9.95) return `${Math.max(0, ms).toFixed(1)} ms`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 9_995) return `${(ms / 1000).toFixed(2)} s`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  return longDuration(ms)
}

/** How long something has lasted so far, for numbers that tick: `0.3 s`, `1.8 s`, `42.0 s`, `2 min 5 s`. */
export function formatAge(ms: number): string {
  return ms < 59_950 ? `${(Math.max(0, ms) / 1000).toFixed(1)} s` : longDuration(ms)
}

/** How long ago something was: `just now`, `4 s ago`, `2 min ago`, `3 h ago`, `2 d ago`. */
export function formatAgo(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 1) return 'just now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  return `${Math.floor(seconds / 86_400)} d ago`
}

/** A time of day on this machine's clock: `14:02:11`. */
export function formatClock(at: number): string {
  const date = new Date(at)
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** A time of day to the millisecond: `14:02:21.058`. */
export function formatClockMs(at: number): string {
  return `${formatClock(at)}.${String(new Date(at).getMilliseconds()).padStart(3, '0')}`
}

/** A day and a time, for what a number on screen leaves out: `2026-11-20 14:02:21.058`. */
export function formatDayClock(at: number): string {
  const date = new Date(at)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${formatClockMs(at)}`
}

/** A time since a beginning, for a column of them: `+0.047`, `+12.345`, `+1:02.345`, `+1:00:02.345`. */
export function formatOffset(ms: number): string {
  const whole = Math.max(0, Math.round(ms))
  const [hours, minutes] = [Math.floor(whole / 3_600_000), Math.floor(whole / 60_000) % 60]
  const seconds = ((whole % 60_000) / 1000).toFixed(3)
  if (hours > 0) return `+${hours}:${two(minutes)}:${seconds.padStart(6, '0')}`
  return minutes > 0 ? `+${minutes}:${seconds.padStart(6, '0')}` : `+${seconds}`
}

/** `1 event`, `2 events`: a count with its noun. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** Where an upstream is, in words: its URL without the final slash, `built-in demo`, or how many nodes. */
export function upstreamWords(route: Pick<Route, 'upstream'>): string {
  const { url, nodes } = route.upstream
  if (url === undefined) {
    const first = nodes[0]
    if (!first) return 'no upstream'
    return nodes.length === 1 ? urlWords(first.url) : `${urlWords(first.url)} +${nodes.length - 1}`
  }
  return urlWords(url)
}

/** Which requests a route takes, in short: `/v1/*`, `GET orders.localhost/events`. */
export function matchWords(route: Pick<Route, 'match'>): string {
  const { path, hosts, methods } = route.match
  const host = hosts[0] === undefined ? '' : hosts.length === 1 ? hosts[0] : `${hosts[0]} +${hosts.length - 1} `
  return `${methods.length > 0 ? `${methods.join(', ')} ` : ''}${host}${path}`
}

/** Who held the bytes, in a few words. */
export function verdictLabel(verdict: Verdict): Label {
  switch (verdict.type) {
    case 'waiting':
      return { words: 'waiting for events', tone: 'neutral' }
    case 'passes':
      return { words: 'passes as it comes', tone: 'flow' }
    case 'fault':
      return { words: 'fault on purpose', tone: 'bad' }
    case 'held':
      return { words: `held here, ${formatAge(verdict.longestHeldMs)}`, tone: 'held' }
    case 'client-slow':
      return { words: `client slow, ${formatAge(verdict.longestStallMs)}`, tone: 'held' }
    case 'bursty-upstream':
      return { words: 'already bursty upstream', tone: 'neutral' }
    case 'idle-gap':
      return { words: `idle gap, ${formatAge(verdict.longestGapMs)}`, tone: 'neutral' }
    default:
      return verdict satisfies never
  }
}

/** How an exchange stands, in a few words: what it failed on, what is held now, or its verdict. */
export function exchangeLabel(exchange: Exchange, now: number): Label {
  if (exchange.error && exchange.state === 'failed') return { words: errorWords(exchange.error.code), tone: 'bad' }
  // Only a file tells of an exchange that nobody ended: it was written before the end.
  if (exchange.state === 'aborted') return { words: exchange.error ? 'client left' : 'open when exported', tone: 'neutral' }
  if (exchange.oldestHeldAt !== null) return { words: `held here, ${formatAge(now - exchange.oldestHeldAt)}`, tone: 'held' }
  if (exchange.status === null) return { words: exchange.state === 'open' ? 'waiting for the upstream' : 'no response', tone: 'neutral' }
  if (exchange.state === 'complete' && exchange.verdict.type === 'waiting') return { words: 'complete', tone: 'neutral' }
  return verdictLabel(exchange.verdict)
}

/** An error as a piece of running text: the first sentence of its message, in lower case at its start and without the stop. */
export function errorLine(error: ErrorReport): string {
  const line = (/^.*?[.?](?=\s|$)/s.exec(error.message.trim())?.[0] ?? error.message.trim()).replace(/[.?]$/, '')
  if (line === '') return errorWords(error.code)
  return /^[A-Z][a-z]/.test(line) ? line.charAt(0).toLowerCase() + line.slice(1) : line
}

/** Why a route's upstream fails, without the address that stands beside it anyway: `upstream refused the connection`. */
export function upstreamFailure(error: ErrorReport, route: Pick<Route, 'upstream'>): string {
  let line = errorLine(error)
  for (const url of [route.upstream.url, ...route.upstream.nodes.map((node) => node.url)]) {
    const address = /^https?:\/\/([^/]+)/.exec(url ?? '')?.[1]
    if (address !== undefined) line = line.replace(` ${address}`, '')
  }
  return line.replace(/^the upstream /, 'upstream ')
}

/** A code in a few words. */
export function errorWords(code: ErrorCode): string {
  return errorTable[code]
}

const errorTable: Record<ErrorCode, string> = {
  'invalid-input': 'not accepted',
  'unknown-command': 'unknown command',
  'route-not-found': 'no such route',
  'exchange-not-found': 'no longer kept',
  'pins-full': 'no room for another pin',
  'history-failed': 'history not at hand',
  'port-in-use': 'port in use',
  'address-unavailable': 'address unavailable',
  'config-invalid': 'config not valid',
  'config-unwritable': 'config cannot be written',
  'gateway-down': 'gateway down',
  'bad-request': 'malformed request',
  'host-refused': 'host refused',
  'origin-refused': 'origin refused',
  'token-required': 'token required',
  'no-route': 'no route',
  'loop-detected': 'loop detected',
  'method-refused': 'method refused',
  'header-too-large': 'headers too large',
  'request-timeout': 'request timed out',
  'body-too-large': 'body too large',
  'gateway-stopping': 'gateway stopping',
  'client-aborted': 'client left',
  'upstream-unreachable': 'upstream unreachable',
  'upstream-untrusted': 'upstream untrusted',
  'upstream-reset': 'upstream cut the connection',
  'upstream-invalid': 'upstream answer invalid',
  'upstream-timeout': 'upstream timed out',
  'stopped-here': 'ended here',
  'fault-on-purpose': 'fault on purpose',
  internal: 'a bug in the gateway',
}

function scaled(value: number, base: number, units: readonly string[]): string {
  let rest = value
  let unit = 0
  // 999.95 of a unit would print as 1000.0, so the next unit begins there.
  while (rest >= (unit === 0 ? base : base - 0.05) && unit < units.length - 1) {
    rest /= base
    unit++
  }
  return `${unit === 0 ? String(Math.round(rest)) : rest.toFixed(1)} ${units[unit]}`
}

function longDuration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 1440
    ? `${Math.floor(minutes / 60)} h ${minutes % 60} min`
    : `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`
}

function urlWords(url: string): string {
  return url === 'demo:' ? 'built-in demo' : url.replace(/\/$/, '')
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
