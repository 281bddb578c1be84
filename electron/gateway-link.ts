import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { ErrorReport, Reply } from '../proxy-core/contract/errors.ts'
import type { FeedMessage, FeedRequest, GatewayStatus } from '../proxy-core/contract/events.ts'
import type { ThreadMessage, ThreadRequest } from './thread-messages.ts'

/** A thread that lives this long has got over what ended the ones before it. */
const steadyMs = 60_000
/** How long a thread that works may take to say how many exchanges are open. */
const answerMs = 1000
/** How long past its drain time a thread may take to end by itself. */
const endGraceMs = 1000

export interface GatewayLinkOptions {
  readonly threadFile: string | URL
  /** Handed to every thread that is started. */
  readonly threadData: unknown
  /** The pauses before the first, second … restart; the last one repeats. */
  readonly restartDelaysMs?: readonly number[]
  readonly onOpened?: (status: GatewayStatus) => void
  readonly onDown?: (reason: string) => void
}

/** One feed from the gateway; it outlives the thread that fills it. */
export interface LinkedFeed {
  receive(request: FeedRequest): void
  close(): void
}

/**
 * Main's end of the gateway thread: starts it, relays commands and feeds, and restarts it when it ends unasked.
 * While there is no thread, commands are refused with `gateway-down` and every open feed is told; a new thread sends each a snapshot.
 */
export class GatewayLink {
  readonly #options: GatewayLinkOptions
  readonly #restartDelaysMs: readonly number[]
  readonly #questions = new Map<number, (reply: Reply<unknown>) => void>()
  readonly #feeds = new Map<number, (message: FeedMessage) => void>()
  #thread: Worker | null = null
  #restart: NodeJS.Timeout | null = null
  #failures = 0
  #lastId = 0
  #isClosing = false

  constructor(options: GatewayLinkOptions) {
    this.#options = options
    this.#restartDelaysMs = options.restartDelaysMs ?? [100, 500, 2000, 5000]
    this.#start()
  }

  /** Asks the gateway; never rejects. */
  command(name: string, input: unknown): Promise<Reply<unknown>> {
    return this.#ask((id) => ({ type: 'command', id, name, input }))
  }

  /** How many exchanges are open; none while there is no thread, or one that does not answer. */
  async openExchanges(): Promise<number> {
    let impatience: NodeJS.Timeout | undefined
    const silence = new Promise<Reply<number>>((resolve) => {
      impatience = setTimeout(() => resolve({ ok: true, value: 0 }), answerMs)
    })
    const reply = await Promise.race([this.#ask((id) => ({ type: 'openExchanges', id })), silence])
    clearTimeout(impatience)
    return reply.ok ? Number(reply.value) : 0
  }

  openFeed(send: (message: FeedMessage) => void): LinkedFeed {
    const feedId = ++this.#lastId
    this.#feeds.set(feedId, send)
    if (this.#thread) this.#post({ type: 'feed.open', feedId })
    else send({ type: 'down', error: downError })
    return {
      receive: (request) => this.#post({ type: 'feed.request', feedId, request }),
      close: () => {
        if (this.#feeds.delete(feedId)) this.#post({ type: 'feed.close', feedId })
      },
    }
  }

  /** Lets open exchanges end for `drainMs`, then ends the thread for good. */
  async close({ drainMs }: { drainMs: number }): Promise<void> {
    this.#isClosing = true
    if (this.#restart) clearTimeout(this.#restart)
    const thread = this.#thread
    if (!thread) return
    const ended = once(thread, 'exit')
    this.#post({ type: 'close', drainMs })
    const impatience = setTimeout(() => void thread.terminate(), drainMs + endGraceMs)
    await ended
    clearTimeout(impatience)
  }

  #start(): void {
    const thread = new Worker(this.#options.threadFile, { workerData: this.#options.threadData })
    const startedAt = performance.now()
    let reason = 'it ended by itself'
    this.#thread = thread
    thread.on('message', (message: ThreadMessage) => this.#take(message))
    thread.on('error', (error: unknown) => {
      reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    })
    thread.once('exit', () => {
      if (performance.now() - startedAt > steadyMs) this.#failures = 0
      this.#ended(reason)
    })
    for (const feedId of this.#feeds.keys()) this.#post({ type: 'feed.open', feedId })
  }

  #ended(reason: string): void {
    this.#thread = null
    for (const resolve of this.#questions.values()) resolve({ ok: false, error: downError })
    this.#questions.clear()
    if (this.#isClosing) return
    this.#options.onDown?.(reason)
    for (const send of this.#feeds.values()) send({ type: 'down', error: downError })
    const delayMs = this.#restartDelaysMs[Math.min(this.#failures++, this.#restartDelaysMs.length - 1)]
    this.#restart = setTimeout(() => this.#start(), delayMs)
  }

  #take(message: ThreadMessage): void {
    switch (message.type) {
      case 'opened':
        return this.#options.onOpened?.(message.status)
      case 'reply':
        this.#questions.get(message.id)?.(message.reply)
        this.#questions.delete(message.id)
        return
      case 'feed':
        return this.#feeds.get(message.feedId)?.(message.message)
      default:
        return message satisfies never
    }
  }

  #ask(question: (id: number) => ThreadRequest): Promise<Reply<unknown>> {
    if (!this.#thread) return Promise.resolve({ ok: false, error: downError })
    const id = ++this.#lastId
    return new Promise((resolve) => {
      this.#questions.set(id, resolve)
      this.#post(question(id))
    })
  }

  #post(request: ThreadRequest): void {
    this.#thread?.postMessage(request)
  }
}

const downError: ErrorReport = {
  code: 'gateway-down',
  message: 'An error inside the gateway ended its thread.',
}
