import type { BufferingMode } from '../../proxy-core/contract/buffering.ts'
import { formatLimit, plural } from '../text.ts'
import { readBytes, readMs, writeMs } from './quantity.ts'
import { splitList, type RouteDraft } from './route-draft.ts'

/** What a mode does, in a sentence. */
export const modeSentences: Readonly<Record<BufferingMode, string>> = {
  off: 'Each piece goes on to the client as it comes from the upstream.',
  on: 'Bytes are held here and let go together.',
  auto: 'Event streams, NDJSON and responses that say X-Accel-Buffering: no go on as they come; the rest is held.',
}

/** When held bytes are let go, in a sentence. */
export function holdSentence(draft: Pick<RouteDraft, 'holdBytes' | 'holdMs'>): string {
  const bytes = readBytes(draft.holdBytes)
  const ms = readMs(draft.holdMs)
  if (bytes === undefined || ms === undefined) return 'Held bytes go on when a limit is reached.'
  const limits = [
    bytes === null ? '' : `${formatLimit(bytes)} are here`,
    ms === null ? '' : `the oldest has waited ${writeMs(ms)}`,
    'the response ends',
  ].filter(Boolean)
  return `Held bytes go on when ${orList(limits)}, or when you release them.`
}

/** Each folded part of the form in one line. */
export const summaries = {
  matching: (draft: RouteDraft) => join([`priority ${draft.priority}`, draft.stripPrefix && 'prefix stripped']),
  upstream: (draft: RouteDraft) =>
    join([
      draft.hostHeader === 'client'
        ? 'the client’s Host'
        : draft.hostHeader === 'upstream'
          ? 'the upstream’s Host'
          : `Host ${draft.hostHeader}`,
      draft.http2 && 'HTTP/2',
      !draft.tlsVerify && 'certificate not checked',
      draft.tlsCa !== '' && 'own CA',
      draft.tlsServerName !== '' && `as ${draft.tlsServerName}`,
    ]),
  timeouts: (draft: RouteDraft) =>
    join([`connect ${limit(draft.connectTimeoutMs)}`, `head ${limit(draft.headTimeoutMs)}`, `idle ${limit(draft.idleTimeoutMs)}`]),
  headers: (draft: RouteDraft) => {
    const count = draft.requestHeaders.length + draft.responseHeaders.length
    return count === 0 ? 'passed on as they are' : plural(count, 'rule')
  },
  cors: (draft: RouteDraft) => {
    const origins = splitList(draft.corsOrigins).length
    return origins === 0 ? 'no web page may use this route' : plural(origins, 'origin')
  },
  stream: (draft: RouteDraft) => (draft.heartbeatMs.trim() === '' ? 'no heartbeat' : `heartbeat every ${draft.heartbeatMs.trim()}`),
  capture: (draft: RouteDraft) =>
    draft.isCaptured ? join(['bodies are kept', draft.isRedacted ? 'secrets redacted' : 'secrets in plain sight']) : 'bodies are not kept',
  faults: (draft: RouteDraft) => {
    const set = join([
      draft.faultStatus.trim() !== '' && `answers ${draft.faultStatus.trim()}`,
      draft.delayMs.trim() !== '' && `late by ${draft.delayMs.trim()}`,
      draft.jitterMs.trim() !== '' && `jitter ${draft.jitterMs.trim()}`,
      draft.splitBytes.trim() !== '' && 'split',
      draft.mergeBytes.trim() !== '' && 'merged',
      (draft.cutAfterBytes.trim() !== '' || draft.cutAfterEvents.trim() !== '') && 'cut',
      draft.stallAfterEvents.trim() !== '' && 'stalls',
    ])
    return `${draft.areFaultsOn ? 'on' : 'off'}${set === '' ? '' : `: ${set}`}`
  },
  readAhead: (draft: RouteDraft) => `${draft.memoryBytes || '?'} in memory, then ${draft.spoolBytes || '?'} on disk`,
} as const satisfies Record<string, (draft: RouteDraft) => string>

function join(parts: readonly (string | false)[]): string {
  return parts.filter(Boolean).join(', ')
}

function limit(text: string): string {
  return readMs(text) === 0 ? 'unlimited' : text.trim()
}

function orList(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} or ${parts.at(-1)}`
}
