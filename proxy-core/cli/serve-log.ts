import type { ConfigProblem } from '../contract/config.ts'
import type { ErrorCode, ErrorReport } from '../contract/errors.ts'
import type { ListenerStatus } from '../contract/events.ts'
import { routeLabel, type Route } from '../contract/route.ts'

/** One line of what `sluice serve` tells; with `--json` it is printed as it is here. */
export type LogLine =
  | {
      readonly type: 'listening'
      readonly url: string
      readonly listeners: readonly ListenerStatus[]
      readonly version: string
      readonly pid: number
      readonly configFile: string | null
      readonly routes: readonly string[]
      /** A command line that shows the demo's stream; null when no route leads there. */
      readonly demo: string | null
    }
  | { readonly type: 'listen-failed'; readonly address: string; readonly code: ErrorCode; readonly message: string }
  | { readonly type: 'config-changed'; readonly file: string | null; readonly routes: readonly string[] }
  | ({ readonly type: 'config-problem' } & ConfigProblem)
  /** What ends from now on is kept within a second. */
  | { readonly type: 'history-open'; readonly file: string | null; readonly exchanges: number }
  | ({ readonly type: 'history-problem' } & ErrorReport)
  | {
      readonly type: 'exchange'
      readonly id: number
      readonly method: string
      readonly target: string
      readonly route: string | null
      readonly status: number | null
      readonly durationMs: number
      readonly events: number
      readonly bytes: number
      readonly longestHeldMs: number
      readonly state: 'complete' | 'failed' | 'aborted'
      readonly error: ErrorCode | null
    }
  | { readonly type: 'stopping'; readonly signal: string; readonly openExchanges: number; readonly drainMs: number }
  | { readonly type: 'stopped' }
  /** So many lines were not printed, since nobody read those before them. */
  | { readonly type: 'left-out'; readonly lines: number }

/** Lines that wait for their reader may take so much memory; further ones are left out. */
const unreadLimitBytes = 1_048_576

/** Prints lines, as JSON or in words. Nothing waits for their reader: neither for a pager nor for a terminal that is stopped. */
export function createLog(isJson: boolean): (line: LogLine) => void {
  let isRead = true
  let leftOut = 0
  // Otherwise Node waits until a terminal has taken what is written to it.
  const { _handle: handle } = process.stdout as { _handle?: { setBlocking?(isBlocking: boolean): void } }
  if (process.stdout.isTTY) handle?.setBlocking?.(false)
  // A reader that goes away ends the log, not the gateway.
  process.stdout.on('error', () => {
    isRead = false
  })
  let lines = ''
  const print = (): void => {
    const text = lines
    lines = ''
    if (isRead) process.stdout.write(text)
  }
  const log = (line: LogLine): void => {
    // The lines of one batch are written at once: a call into the kernel for each would cost more than all else about it.
    if (lines === '') queueMicrotask(print)
    lines += `${isJson ? JSON.stringify(line) : inWords(line)}\n`
  }
  return (line) => {
    if (process.stdout.writableLength + lines.length > unreadLimitBytes) {
      leftOut++
      return
    }
    if (leftOut > 0) log({ type: 'left-out', lines: leftOut })
    leftOut = 0
    log(line)
  }
}

/** How a route reads in one line: what it matches, where that goes, and its switch. */
export function routeInWords(route: Route): string {
  const { match, upstream, buffering } = route
  const hosts = match.hosts.length === 0 ? '' : `${match.hosts.join(',')} `
  const methods = match.methods.length === 0 ? '' : `${match.methods.join(',')} `
  const to = upstream.url ?? upstream.nodes.map((node) => node.url).join(', ')
  const state = route.enabled ? `buffering ${buffering.response}` : 'not enabled'
  return `${routeLabel(route)} (${route.id}): ${methods}${hosts}${match.path} → ${to}, ${state}`
}

function inWords(line: LogLine): string {
  switch (line.type) {
    case 'listening': {
      const urls = line.listeners.flatMap((listener) => (listener.url === null ? [] : [listener.url]))
      const demo = line.demo === null ? [] : [`  Try: ${line.demo}`]
      return [`Sluice ${line.version} listens on ${urls.join(', ')}`, ...demo, ...line.routes.map((route) => `  ${route}`)].join('\n')
    }
    case 'listen-failed':
      return line.message
    case 'config-changed':
      return ['The config was changed.', ...line.routes.map((route) => `  ${route}`)].join('\n')
    case 'history-open':
      return `The history is open, with ${count(line.exchanges, 'exchange')}: ${line.file ?? 'no file'}`
    case 'config-problem':
    case 'history-problem':
      return line.message
    case 'exchange': {
      const counts = `${count(line.events, 'event')}, ${count(line.bytes, 'byte')}, held ${line.longestHeldMs.toFixed(1)} ms at most`
      const end = line.error === null ? line.state : `${line.state}: ${line.error}`
      return `${line.method} ${line.target} ${line.status ?? '-'} ${end}, ${line.durationMs.toFixed(0)} ms, ${counts}, route ${line.route ?? '-'}`
    }
    case 'stopping':
      return line.openExchanges === 0
        ? `${line.signal}: stopping.`
        : `${line.signal}: stopping; ${count(line.openExchanges, 'open exchange')} may go on for ${line.drainMs / 1000} s. A second signal ends at once.`
    case 'stopped':
      return 'Stopped.'
    case 'left-out':
      return `${count(line.lines, 'line')} left out here: nobody read the ones before.`
    default:
      return line satisfies never
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
