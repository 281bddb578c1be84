import type { CaptureBudget } from './capture.ts'
import type { Exchange } from './contract/exchange.ts'
import type { ExchangeHeads } from './contract/rows.ts'
import { noHeads, openBody, type BodyRecord } from './exchange-record.ts'
import type { Captured } from './captured.ts'
import type { Tap } from './tap.ts'
import type { MessageLog } from './web-socket/message-log.ts'
import type { MessagesRecord } from './web-socket/message-record.ts'
import { openMessages } from './web-socket/open-messages.ts'

/** What of an exchange is read when somebody looks at it. */
export interface ExchangeContent {
  readonly heads: ExchangeHeads
  readonly request: BodyRecord | null
  readonly response: BodyRecord | null
  /** Of a WebSocket, in place of its bodies. */
  readonly messages: MessagesRecord | null
}

/** An exchange of the history: known from the start, while its bodies are read when they are looked at and count in the budget from then on. */
export class RestoredExchange {
  tap: Tap | null = null
  messages: MessageLog | null = null
  isPinned: boolean
  readonly endedAt: number | null
  captured: Captured = { heads: noHeads, requestTap: null }
  readonly #exchange: Exchange
  readonly #read: () => Promise<ExchangeContent>
  readonly #budget: CaptureBudget
  #loading: Promise<void> | null = null
  #isLoaded = false
  /** Rows that were forgotten when it was loaded: with more of them, the budget took some since. */
  #forgottenRows = 0

  constructor(exchange: Exchange, read: () => Promise<ExchangeContent>, budget: CaptureBudget) {
    this.#exchange = exchange
    this.#read = read
    this.#budget = budget
    this.isPinned = exchange.isPinned
    this.endedAt = exchange.endedAt
  }

  view(): Exchange {
    return { ...this.#exchange, isPinned: this.isPinned }
  }

  /** Reads what is not here, or no longer; null when all is. */
  load(): Promise<void> | null {
    if (this.#isLoaded && this.#forgotten === this.#forgottenRows) return null
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null
    })
    return this.#loading
  }

  get #forgotten(): number {
    return this.messages?.forgottenRows ?? this.tap?.forgottenRows ?? 0
  }

  async #load(): Promise<void> {
    const { heads, request, response, messages } = await this.#read()
    this.tap?.forgetAll()
    this.messages?.forgetAll()
    this.captured.requestTap?.forgetAll()
    this.tap = response && (await openBody(response, this.#budget, this))
    this.messages = messages && (await openMessages(messages, this.#budget, this))
    this.captured = { heads, requestTap: request && (await openBody(request, this.#budget, this)) }
    this.#forgottenRows = this.#forgotten
    this.#isLoaded = true
  }
}
