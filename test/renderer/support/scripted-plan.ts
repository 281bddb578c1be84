import type { ErrorReport } from '../../../proxy-core/contract/errors.ts'
import type { Exchange, ExchangeOrigin, ExchangeState, Verdict } from '../../../proxy-core/contract/exchange.ts'
import type { MessageMark } from '../../../proxy-core/contract/messages.ts'
import type { RowDetail, Unterminated } from '../../../proxy-core/contract/rows.ts'

/** How an exchange of the scripted gateway came to a bad end. */
export interface ExchangeError {
  readonly state: Extract<ExchangeState, 'failed' | 'aborted'>
  readonly status: number | null
  readonly report: ErrorReport
}

/** What a scripted exchange is, and what its stream says. */
export interface ExchangePlan {
  readonly method: string
  readonly target: string
  readonly status: number
  readonly contentType: string
  readonly requestBody: string
  /** Milliseconds between two rows; the second number spreads them. */
  readonly paceMs: readonly [number, number]
  /** How many rows it sends before it ends by itself. */
  readonly rows: number
  readonly verdict?: Verdict
  /** Live when left out. */
  readonly origin?: ExchangeOrigin
  /** What else is to be seen of the exchange. */
  readonly view?: Partial<Exchange>
  /** What else is to be seen of the n-th row. */
  readonly mark?: (index: number) => Partial<RowDetail>
  readonly unterminated?: Unterminated
  /** Of a WebSocket: what the n-th row is. */
  readonly message?: (index: number) => MessageMark
  /** The n-th row: event type, id and data. */
  readonly say: (index: number, at: number) => readonly [type: string, id: string | null, data: string]
}

/** The built-in demo stream: the server's greeting, what the upstream saw, then the time once a second. */
export const demoPlan: ExchangePlan = {
  method: 'GET',
  target: '/.sse',
  status: 200,
  contentType: 'text/event-stream',
  requestBody: '',
  paceMs: [1000, 0],
  rows: Number.POSITIVE_INFINITY,
  say: (index, at) => {
    if (index === 0) return ['server', '1', 'sluice demo upstream']
    if (index === 1)
      return ['request', '2', 'GET /.sse HTTP/1.1 / Host: 127.0.0.1:9080 / Accept: text/event-stream / X-Forwarded-For: 127.0.0.1']
    return ['time', String(index + 1), new Date(at).toISOString()]
  },
}

const words = 'The sluice gate holds the water until you open it, and then everything arrives at once.'.split(' ')

/** An LLM answer, token by token. */
export const chatPlan: ExchangePlan = {
  method: 'POST',
  target: '/v1/chat/completions',
  status: 200,
  contentType: 'text/event-stream',
  requestBody: '{"model":"demo-1","stream":true,"messages":[{"role":"user","content":"What does a sluice gate do?"}]}',
  paceMs: [36, 30],
  rows: Number.POSITIVE_INFINITY,
  say: (index) => [
    'message',
    null,
    JSON.stringify({
      choices: [{ delta: { content: `${words[index % words.length]} ` }, index: 0 }],
      id: 'chatcmpl-7',
      object: 'chat.completion.chunk',
    }),
  ],
}

/** The same pseudo-random numbers at every run, so that pictures can be compared. */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647
}
