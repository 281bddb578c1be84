import { plainFields, redactList } from './contract/redact.ts'
import type { Route } from './contract/route.ts'
import type { ExchangeHeads } from './contract/rows.ts'
import type { Tap } from './tap.ts'

/** What is kept of an exchange for whoever looks into it. */
export interface Captured {
  readonly heads: ExchangeHeads
  readonly requestTap: Tap | null
}

/** The fields of the four heads, names and values in turn. */
export type HeadLists = Readonly<Record<keyof ExchangeHeads, readonly string[]>>

/**
 * What is kept of an exchange that was forwarded, its secrets replaced where its route says so. Ten thousand are remembered, so that the
 * fields stay in the lists they came in until somebody looks.
 */
export class KeptCapture implements Captured {
  readonly requestTap: Tap | null
  readonly #lists: HeadLists

  constructor(route: Route, lists: HeadLists, requestTap: Tap | null) {
    const keep = route.capture.redact === 'default' ? redactList : (list: readonly string[]) => list
    this.requestTap = requestTap
    this.#lists = {
      requestReceived: keep(lists.requestReceived),
      requestSent: keep(lists.requestSent),
      responseReceived: keep(lists.responseReceived),
      responseSent: keep(lists.responseSent),
    }
  }

  get heads(): ExchangeHeads {
    const { requestReceived, requestSent, responseReceived, responseSent } = this.#lists
    return {
      requestReceived: plainFields(requestReceived),
      requestSent: plainFields(requestSent),
      responseReceived: plainFields(responseReceived),
      responseSent: plainFields(responseSent),
    }
  }
}
