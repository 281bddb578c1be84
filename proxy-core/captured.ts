import { plainFields, redactFields } from './contract/redact.ts'
import type { Route } from './contract/route.ts'
import type { ExchangeHeads } from './contract/rows.ts'
import type { Tap } from './tap.ts'

/** What is kept of an exchange for whoever looks into it. */
export interface Captured {
  readonly heads: ExchangeHeads
  readonly requestTap: Tap | null
}

/** The heads of an exchange as its route lets them be shown. */
export function shownHeads(route: Route, fields: Readonly<Record<keyof ExchangeHeads, readonly string[]>>): ExchangeHeads {
  const show = route.capture.redact === 'default' ? redactFields : plainFields
  return {
    requestReceived: show(fields.requestReceived),
    requestSent: show(fields.requestSent),
    responseReceived: show(fields.responseReceived),
    responseSent: show(fields.responseSent),
  }
}
