import { Worker } from 'node:worker_threads'
import type { ErrorReport } from '../contract/errors.ts'
import { GatewayError } from '../contract/errors.ts'
import type { FoundPage, HistoryReport, HistoryRequest, HistoryThreadData } from './history-messages.ts'
import type { StoredContent } from './history-database.ts'

type Question = Extract<HistoryRequest, { readonly ask: number }>
type Unnumbered<T> = T extends Question ? Omit<T, 'ask'> : never

/** Where the thread's own reports go. */
export interface HistoryLinkOptions {
  readonly threadFile: string | URL
  readonly data: HistoryThreadData
  readonly onReport: (report: Exclude<HistoryReport, { type: 'answer' | 'refusal' }>) => void
  /** It is gone, unasked. */
  readonly onGone: (reason: string) => void
}

/** The gateway's end of the history's thread. Nothing here waits for a disk. */
export class HistoryLink {
  readonly #worker: Worker
  readonly #asked = new Map<number, { resolve: (value: StoredContent | FoundPage | null) => void; reject: (error: GatewayError) => void }>()
  #lastAsk = 0
  #isEnding = false

  constructor({ threadFile, data, onReport, onGone }: HistoryLinkOptions) {
    this.#worker = new Worker(threadFile, { workerData: data })
    this.#worker.unref()
    let reason = 'its thread ended by itself'
    this.#worker.on('message', (report: HistoryReport) => {
      if (report.type === 'answer') this.#settle(report.ask)?.resolve(report.value)
      else if (report.type === 'refusal') this.#settle(report.ask)?.reject(refusal(report.problem))
      else if (!this.#isEnding) onReport(report)
    })
    this.#worker.on('error', (error: unknown) => {
      reason = error instanceof Error ? error.message : String(error)
    })
    this.#worker.on('exit', () => {
      for (const ask of this.#asked.keys()) this.#settle(ask)?.reject(refusal(notOpen))
      if (!this.#isEnding) onGone(reason)
    })
  }

  post(request: Exclude<HistoryRequest, Question>, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, [...transfer])
  }

  /** Asks; rejects with a `GatewayError` when it is refused, or the thread is gone. */
  ask(question: Unnumbered<Question>): Promise<StoredContent | FoundPage | null> {
    const ask = ++this.#lastAsk
    return new Promise((resolve, reject) => {
      this.#asked.set(ask, { resolve, reject })
      this.#worker.postMessage({ ...question, ask })
    })
  }

  /** Lets it finish what it was given for so long, then ends it. */
  async close(patienceMs: number): Promise<void> {
    this.#isEnding = true
    let impatience: NodeJS.Timeout | undefined
    const late = new Promise<null>((resolve) => {
      impatience = setTimeout(() => resolve(null), patienceMs)
    })
    await Promise.race([this.ask({ type: 'close' }).catch(() => null), late])
    clearTimeout(impatience)
    // A thread that waits for the disk ends when the disk lets it.
    void this.#worker.terminate()
  }

  #settle(ask: number) {
    const asked = this.#asked.get(ask)
    this.#asked.delete(ask)
    return asked
  }
}

/** The thread of the history beside this program, as source or as built. */
export function historyThreadFile(): URL {
  const here = import.meta.url
  return new URL(here.endsWith('.ts') ? './history-thread.ts' : './history-thread.cjs', here)
}

/** What is asked of a history that is not open. */
export const notOpen: ErrorReport = {
  code: 'history-failed',
  message: 'The history is not open. Switch it on, or see what is wrong with it.',
}

function refusal({ code, message }: ErrorReport): GatewayError {
  return new GatewayError(code, message)
}
