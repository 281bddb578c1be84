import type { DraftField, DraftIssues } from './route-check.ts'
import type { RouteDraft } from './route-draft.ts'

/** What each part of the route form works on. */
export interface FormPart {
  readonly draft: RouteDraft
  readonly issues: DraftIssues
  readonly change: (patch: Partial<RouteDraft>) => void
}

/** A fold of the form, by the name of its summary. */
export type FoldName = 'matching' | 'upstream' | 'timeouts' | 'headers' | 'cors' | 'stream' | 'capture' | 'readAhead' | 'faults'

/** Which fields are in which fold; the others are always in sight. */
export const foldFields: Readonly<Record<FoldName, readonly DraftField[]>> = {
  headers: ['requestHeaders', 'responseHeaders'],
  cors: ['corsOrigins', 'corsCredentials'],
  timeouts: ['connectTimeoutMs', 'headTimeoutMs', 'idleTimeoutMs'],
  upstream: ['hostHeader', 'http2', 'tlsVerify', 'tlsCa', 'tlsServerName'],
  stream: ['heartbeatMs'],
  capture: ['isCaptured', 'isRedacted'],
  readAhead: ['memoryBytes', 'spoolBytes'],
  matching: ['priority', 'stripPrefix'],
  faults: [
    'areFaultsOn',
    'delayMs',
    'jitterMs',
    'splitBytes',
    'mergeBytes',
    'cutAfterBytes',
    'cutAfterEvents',
    'stallAfterEvents',
    'faultStatus',
  ],
}

/** The folds in which something is wrong. */
export function foldsWithIssues(issues: DraftIssues): FoldName[] {
  return (Object.keys(foldFields) as FoldName[]).filter((fold) => foldFields[fold].some((field) => issues[field] !== undefined))
}
