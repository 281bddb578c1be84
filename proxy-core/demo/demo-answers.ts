import type { ServerResponse } from 'node:http'

/** The body of a refusal, in the shape that OpenAI's API gives it. */
export interface Failed {
  readonly error: { readonly message: string; readonly type: 'invalid_request_error'; readonly param: string | null; readonly code: string }
}

export function failed(message: string, code: string, param: string | null = null): Failed {
  return { error: { message, type: 'invalid_request_error', param, code } }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = `${JSON.stringify(body)}\n`
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(text) }).end(text)
}

/** Begins an event stream. It asks no hop for anything (no X-Accel-Buffering), so that a hop's own setting shows. */
export function startEventStream(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' })
}

/** How much of what timers are late is caught up with. */
const maxCatchUpMs = 100

/**
 * Calls `step` once every so often until it says false, or the client is gone.
 * While the client is too slow to take more nothing is sent, and nothing piles up.
 */
export function pace(response: ServerResponse, everyMs: number, step: () => boolean): void {
  let dueAt = performance.now()
  let timer: NodeJS.Timeout | undefined
  const schedule = () => {
    dueAt = Math.max(dueAt + everyMs, performance.now() - maxCatchUpMs)
    timer = setTimeout(next, Math.max(0, dueAt - performance.now()))
  }
  const next = () => {
    if (response.writableNeedDrain) response.once('drain', schedule)
    else if (step()) schedule()
  }
  schedule()
  response.once('close', () => {
    clearTimeout(timer)
    response.off('drain', schedule)
  })
}

/** A number from a query or a body within its limits; null when it is none. */
export function numberWithin(value: unknown, min: number, max: number): number | null {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
  return number >= min && number <= max ? number : null
}
