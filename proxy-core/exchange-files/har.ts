import { STATUS_CODES } from 'node:http'
import type { HeaderField } from '../contract/rows.ts'
import { isTextType } from '../response-head.ts'
import type { Tap } from '../tap.ts'
import { bodyPieces, keptRows, type ExportSource } from './export-source.ts'
import { harMessages } from './har-messages.ts'

/**
 * Exchanges as HAR 1.2, piece by piece. The events of a stream are in `_eventSourceMessages`, the field that browsers use, each with
 * `_arrivedAt` and `_leftAt` beside its `time` (seconds); those of a WebSocket are in
 * `_webSocketMessages`; what else is known of an exchange is in `_sluice`.
 */
export function* harPieces(sources: readonly ExportSource[], version: string): Generator<string> {
  yield `{"log":{"version":"1.2","creator":${JSON.stringify({ name: 'Sluice', version })},"entries":[`
  let isFirst = true
  for (const source of sources) {
    if (!isFirst) yield ',\n'
    isFirst = false
    yield* entry(source)
  }
  yield ']}}\n'
}

function* entry({ exchange, heads, request, response, messages: log }: ExportSource): Generator<string> {
  const { startedAt, respondedAt, endedAt, lastRowAt } = exchange
  const end = endedAt ?? lastRowAt ?? respondedAt ?? startedAt
  const wait = (respondedAt ?? end) - startedAt
  const timings = { send: 0, wait, receive: Math.max(0, end - (respondedAt ?? end)) }
  const { verdict, decisions, routeId, upstream, state, error, leftBytes, arrivedBytes, httpVersion } = exchange
  yield `{"startedDateTime":${JSON.stringify(new Date(startedAt).toISOString())},"time":${JSON.stringify(wait + timings.receive)},`
  yield `"request":{${members({
    method: exchange.method,
    url: urlOf(exchange.host, exchange.target, log === null ? 'http' : 'ws'),
    httpVersion: `HTTP/${httpVersion}`,
    cookies: [],
    headers: pairs(heads.requestReceived),
    queryString: queryOf(exchange.target),
    headersSize: -1,
    bodySize: exchange.requestBytes,
  })}`
  if (request && exchange.requestBytes > 0) {
    const mimeType = fieldOf(heads.requestReceived, 'content-type') ?? 'application/octet-stream'
    yield `,"postData":{"mimeType":${JSON.stringify(mimeType)},"params":[],`
    yield* content(request, true)
    yield '}'
  }
  const mimeType = exchange.contentType ?? 'application/octet-stream'
  yield `},"response":{${members({
    status: exchange.status ?? 0,
    statusText: STATUS_CODES[exchange.status ?? 0] ?? '',
    httpVersion: `HTTP/${httpVersion}`,
    cookies: [],
    headers: pairs(heads.responseSent),
    redirectURL: fieldOf(heads.responseSent, 'location') ?? '',
    headersSize: -1,
    bodySize: leftBytes,
  })},"content":{"size":${String(arrivedBytes)},"mimeType":${JSON.stringify(mimeType)},`
  const isText = exchange.rowKind !== 'chunk' || isTextType(mimeType.split(';')[0]?.trim().toLowerCase() ?? '')
  if (response) yield* content(response, isText)
  else yield '"text":""'
  yield `}},"cache":{},"timings":${JSON.stringify(timings)}`
  if (response && exchange.rowKind === 'event') yield* messages(response)
  if (log) yield* harMessages(log)
  yield `,"_sluice":${JSON.stringify({ routeId, upstream, state, error, decisions, verdict, respondedAt, endedAt, client: exchange.client })}}`
}

/** A body as the value of a JSON member. Text is decoded as a whole, so that no character is cut between pieces. */
function* content(tap: Tap, isText: boolean): Generator<string> {
  yield '"text":"'
  if (isText) {
    const decoder = new TextDecoder()
    for (const piece of bodyPieces(tap)) yield inString(decoder.decode(piece, { stream: true }))
    yield inString(decoder.decode())
  } else {
    let rest = Buffer.alloc(0)
    for (const piece of bodyPieces(tap)) {
      const bytes = Buffer.concat([rest, piece])
      const whole = bytes.length - (bytes.length % 3)
      yield bytes.toString('base64', 0, whole)
      rest = bytes.subarray(whole)
    }
    yield rest.toString('base64')
  }
  yield isText ? '"' : '","encoding":"base64"'
}

function* messages(tap: Tap): Generator<string> {
  yield ',"_eventSourceMessages":['
  let isFirst = true
  for (const { event, bounds, arrivedAt, leftAt } of keptRows(tap)) {
    if (event === null || bounds.type !== 'event') continue
    const message = {
      time: arrivedAt / 1000,
      eventName: event.type,
      eventId: event.id ?? '',
      data: event.data,
      _arrivedAt: arrivedAt,
      _leftAt: leftAt,
    }
    yield `${isFirst ? '' : ','}${JSON.stringify(message)}`
    isFirst = false
  }
  yield ']'
}

function members(value: object): string {
  return JSON.stringify(value).slice(1, -1)
}

function inString(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function pairs(fields: readonly HeaderField[]): readonly { readonly name: string; readonly value: string }[] {
  return fields.map(([name, value]) => ({ name, value }))
}

function fieldOf(fields: readonly HeaderField[], name: string): string | undefined {
  return fields.find(([field]) => field.toLowerCase() === name)?.[1]
}

function urlOf(host: string, target: string, scheme: 'http' | 'ws'): string {
  return /^https?:\/\//i.test(target) ? target : `${scheme}://${host}${target}`
}

function queryOf(target: string): readonly { readonly name: string; readonly value: string }[] {
  const query = target.split('#')[0]?.split('?').slice(1).join('?') ?? ''
  return Array.from(new URLSearchParams(query), ([name, value]) => ({ name, value }))
}
