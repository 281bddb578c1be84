import { STATUS_CODES } from 'node:http'
import type { HeaderField } from '../contract/rows.ts'
import { isTextType } from '../response-head.ts'
import type { Tap } from '../tap.ts'
import { bodyPieces, keptRows, type ExportSource } from './export-source.ts'
import { harMessages } from './har-messages.ts'

/** The most of what is not a whole row that is read at once. */
const restBytes = 1_048_576

/**
 * Exchanges as HAR 1.2, piece by piece. The events of a stream are in `_eventSourceMessages`, the field that browsers use, each with
 * `_arrivedAt` and `_leftAt` beside its `time` (seconds); those of a WebSocket are in
 * `_webSocketMessages`; what else is known of an exchange is in `_sluice`, with the `clocks` of its rows: by row its end in the content,
 * and when that came and left.
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
    yield* content(request, yield* isAllUtf8(request))
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
  const forgottenRows = response?.forgottenRows
  let contentBytes = 0
  if (response) contentBytes = yield* content(response, isText && (yield* isAllUtf8(response)))
  else yield '"text":""'
  yield `}},"cache":{},"timings":${JSON.stringify(timings)}`
  if (response && exchange.rowKind === 'event') yield* messages(response)
  if (log) yield* harMessages(log)
  const { client, contentType, rowKind, framing } = exchange
  const told = {
    startedAt,
    routeId,
    upstream,
    state,
    error,
    decisions,
    verdict,
    respondedAt,
    endedAt,
    client,
    contentType,
    rowKind,
    framing,
  }
  yield `,"_sluice":{${members(told)}`
  // A stream that is open goes on while the file is written: the clocks go further than the content then.
  if (response && response.forgottenRows === forgottenRows) yield* clocks(response, contentBytes)
  yield '}}'
}

/** The clocks of the rows, by where each ends in what `bodyPieces` gives; the last is of what follows the last row. */
function* clocks(tap: Tap, contentBytes: number): Generator<string> {
  const from = tap.forgottenRows === 0 ? 0 : (tap.row(tap.forgottenRows)?.start ?? 0)
  let end = from
  yield `,"contentBytes":${String(contentBytes)},"clocks":[`
  for (const { bounds, arrivedAt, leftAt } of keptRows(tap)) {
    yield `${end === from ? '' : ','}${[bounds.end - from, arrivedAt, String(leftAt)].join()}`
    end = bounds.end
  }
  const restFrom = end
  for (let rest = tap.read(end, end + restBytes); rest.length > 0; rest = tap.read(end, end + restBytes)) end += rest.length
  if (end > restFrom) yield `${restFrom === from ? '' : ','}${[end - from, tap.arrivedAt(end), String(tap.leftAt(end))].join()}`
  yield ']'
}

/** Whether a body can be written as text, and read again as the same bytes. */
function* isAllUtf8(tap: Tap): Generator<string, boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for (const piece of bodyPieces(tap)) {
      decoder.decode(piece, { stream: true })
      // Others have their turn.
      yield ''
    }
    decoder.decode()
    return true
  } catch {
    return false
  }
}

/** A body as the value of a JSON member. Text is decoded as a whole, so that no character is cut between pieces. Returns its length in bytes. */
function* content(tap: Tap, isText: boolean): Generator<string, number> {
  let bodyBytes = 0
  yield '"text":"'
  if (isText) {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    for (const piece of bodyPieces(tap)) {
      bodyBytes += piece.length
      yield inString(decoder.decode(piece, { stream: true }))
    }
    yield inString(decoder.decode())
  } else {
    let rest = Buffer.alloc(0)
    for (const piece of bodyPieces(tap)) {
      bodyBytes += piece.length
      const bytes = Buffer.concat([rest, piece])
      const whole = bytes.length - (bytes.length % 3)
      yield bytes.toString('base64', 0, whole)
      rest = bytes.subarray(whole)
    }
    yield rest.toString('base64')
  }
  yield isText ? '"' : '","encoding":"base64"'
  return bodyBytes
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
