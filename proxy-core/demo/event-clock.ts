import type { IncomingMessage, ServerResponse } from 'node:http'
import { failed, numberWithin, pace, sendJson, startEventStream } from './demo-answers.ts'

/**
 * Answers with an event stream: `server`, then `request` with the head that arrived here, then `time` at a steady pace.
 * The ids of `time` count 1, 2, 3, … and go on from a `Last-Event-ID`.
 */
export function sendEvents(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
  const everyMs = numberWithin(query.get('every') ?? 1000, 1, 3_600_000)
  const count = numberWithin(query.get('count') ?? Number.MAX_SAFE_INTEGER, 0, Number.MAX_SAFE_INTEGER)
  if (everyMs === null || count === null) {
    const param = everyMs === null ? 'every' : 'count'
    sendJson(response, 400, failed(`${param} is a number: every=1 to 3600000 milliseconds, count=0 or more.`, 'invalid_value', param))
    return
  }
  startEventStream(response)
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  response.write(event('server', ['Sluice demo upstream']))
  response.write(event('request', headLines(request)))
  let sent = 0
  let id = lastEventId(request)
  if (count === 0) {
    response.end()
    return
  }
  pace(response, everyMs, () => {
    response.write(event('time', [new Date().toISOString()], ++id))
    sent++
    if (sent < count) return true
    response.end()
    return false
  })
}

function event(type: string, data: readonly string[], id?: number): string {
  const lines = [`event: ${type}`, ...data.map((line) => `data: ${line}`), ...(id === undefined ? [] : [`id: ${id}`])]
  return `${lines.join('\n')}\n\n`
}

function headLines(request: IncomingMessage): string[] {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`]
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    lines.push(`${request.rawHeaders[index]}: ${request.rawHeaders[index + 1]}`)
  }
  return lines
}

function lastEventId(request: IncomingMessage): number {
  const id = request.headers['last-event-id']
  return typeof id === 'string' && /^\d{1,15}$/.test(id) ? Number(id) : 0
}
