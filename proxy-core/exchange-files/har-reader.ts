import { z } from 'zod'
import { GatewayError } from '../contract/errors.ts'
import type { RowKind } from '../contract/exchange.ts'
import type { HeaderField } from '../contract/rows.ts'
import type { BodyRecord, ExchangeRecord } from '../exchange-record.ts'
import { parseUrl } from '../parse-url.ts'
import { HarEntries } from './har-entries.ts'
import { HarMessage, messagesOf } from './har-messages.ts'
import { ImportedBody } from './imported-body.ts'
import { ExchangeInFile, importedRecord } from './imported-exchange.ts'

const text = z.string().catch('')
const headers = z.array(z.object({ name: z.string(), value: text })).catch([])
const formFields = z.array(z.object({ name: z.string(), value: text })).catch([])
const message = z.object({
  time: z.union([z.number(), z.string()]),
  eventName: text,
  eventId: text,
  data: text,
  _arrivedAt: z.number().optional(),
  _leftAt: z.number().nullable().optional(),
})

/** What is read of an entry; tools differ in all the rest. */
const Entry = z.object({
  startedDateTime: z.string(),
  time: z.number().catch(0),
  request: z.object({
    method: z.string().max(40),
    url: z.string(),
    httpVersion: text,
    headers,
    postData: z.object({ text, encoding: z.string().optional(), params: formFields }).optional().catch(undefined),
  }),
  response: z.object({
    status: z.number(),
    headers,
    _error: text,
    content: z.object({ mimeType: text, text: z.string().optional(), encoding: z.string().optional() }).catch({ mimeType: '' }),
  }),
  timings: z.object({ wait: z.number().catch(0), send: z.number().catch(0) }).catch({ wait: 0, send: 0 }),
  _resourceType: text,
  _sluice: z
    .looseObject({
      contentBytes: z.number().optional().catch(undefined),
      // Looked at one by one where they are used: there may be millions.
      clocks: z.custom<readonly unknown[]>(Array.isArray).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
})
type Entry = z.output<typeof Entry>

/** The lists of an entry that may be long. */
interface Lists {
  events: z.output<typeof message>[]
  said: z.output<typeof HarMessage>[]
  /** One of their objects is none that is known: then the list counts for nothing. */
  isEventsBroken: boolean
  isSaidBroken: boolean
}

/** Reads HAR 1.2 as browsers and other tools write it. An event that a file gives one time has that on both clocks. */
export class HarReader {
  readonly #records: ExchangeRecord[] = []
  readonly #notes: string[] = []
  readonly #entries: HarEntries
  #count = 0
  #lists = noLists()

  constructor() {
    this.#entries = new HarEntries({
      lists: ['_eventSourceMessages', '_webSocketMessages'],
      item: (list, json) => this.#takeItem(list, json),
      entry: (json) => this.#take(json),
    })
  }

  get notes(): readonly string[] {
    return this.#notes
  }

  feed(bytes: Buffer): void {
    this.#entries.feed(bytes)
  }

  finish(): readonly ExchangeRecord[] {
    if (!this.#entries.isComplete) {
      const place = this.#count === 0 ? 'before its first entry' : `behind entry ${this.#count}`
      throw new GatewayError('invalid-input', `This is no whole HAR file: it ends ${place}. Nothing was imported.`)
    }
    return this.#records
  }

  #takeItem(list: string, json: string): void {
    const lists = this.#lists
    const value = this.#parse(json, this.#count + 1)
    if (list === '_eventSourceMessages') {
      const { data } = message.safeParse(value)
      if (data === undefined) lists.isEventsBroken = true
      else lists.events.push(data)
    } else {
      const { data } = HarMessage.safeParse(value)
      if (data === undefined) lists.isSaidBroken = true
      else lists.said.push(data)
    }
  }

  #parse(json: string, entry: number): unknown {
    try {
      return JSON.parse(json)
    } catch {
      throw new GatewayError('invalid-input', `Entry ${entry} of the file is not JSON. Nothing was imported.`)
    }
  }

  #take(json: string): void {
    this.#count++
    const lists = this.#lists
    this.#lists = noLists()
    const checked = Entry.safeParse(this.#parse(json, this.#count))
    const startedAt = checked.success ? Date.parse(checked.data.startedDateTime) : Number.NaN
    if (!checked.success || !Number.isFinite(startedAt)) {
      this.#notes.push(`Entry ${this.#count} was left out: it has no request, response or start.`)
      return
    }
    this.#records.push(recordOf(checked.data, lists, startedAt))
  }
}

function noLists(): Lists {
  return { events: [], said: [], isEventsBroken: false, isSaidBroken: false }
}

function recordOf(entry: Entry, lists: Lists, startedAt: number): ExchangeRecord {
  const { request, response, timings } = entry
  const respondedAt = startedAt + Math.max(0, timings.send) + Math.max(0, timings.wait)
  const endedAt = startedAt + Math.max(0, entry.time)
  const mimeType = response.content.mimeType
  const messages = lists.isEventsBroken ? [] : lists.events
  const said = lists.isSaidBroken || (lists.said.length === 0 && entry._resourceType !== 'websocket') ? null : lists.said
  const rowKind = said ? 'message' : messages.length > 0 ? 'event' : rowKindOf(mimeType)
  const url = parseUrl(request.url)
  const told = ownTold(entry._sluice, {
    method: request.method,
    target: url ? `${url.pathname}${url.search}` : request.url.slice(0, 100_000),
    host: url?.host ?? '',
    httpVersion: request.httpVersion.replace(/^HTTP\//i, '').slice(0, 10),
    startedAt,
    status: response.status > 0 && response.status <= 999 ? Math.trunc(response.status) : null,
    respondedAt: response.status > 0 ? respondedAt : null,
    contentType: mimeType === '' ? null : mimeType.slice(0, 1000),
    rowKind,
    endedAt: Math.max(endedAt, respondedAt),
    ...(response.status > 0 ? {} : { state: 'failed', error: { code: 'upstream-reset', message: noResponse(response._error) } }),
  })
  const heads = {
    requestReceived: pairs(request.headers),
    requestSent: [],
    responseReceived: [],
    responseSent: pairs(response.headers),
  }
  const sent = new ImportedBody()
  sent.add(Buffer.from(postedText(request.postData), request.postData?.encoding === 'base64' ? 'base64' : 'utf8'), startedAt, startedAt)
  const own = ownBody(entry, told.rowKind ?? 'chunk')
  return importedRecord(told, heads, {
    request: sent.bytes > 0 ? sent.record('chunk') : null,
    response: said ? null : own !== null ? own : messages.length > 0 ? eventsOf(messages, respondedAt) : contentOf(entry, rowKind, endedAt),
    messages: said ? messagesOf(said).record() : null,
  })
}

/** What our own files tell besides, and with all its digits; what of it is not as expected counts for nothing. */
function ownTold(own: Entry['_sluice'], told: Partial<z.input<typeof ExchangeInFile>>): ExchangeInFile {
  const checked = ExchangeInFile.safeParse({ ...told, ...own, method: told.method, target: told.target, host: told.host })
  return checked.success ? checked.data : ExchangeInFile.parse(told)
}

/** The body with the clocks of its rows; null where they are not in the file, or not of this body. */
function ownBody({ _sluice, response: { content } }: Entry, rowKind: RowKind): BodyRecord | null {
  const clocks = _sluice?.clocks
  if (clocks === undefined || clocks.length === 0 || content.text === undefined || rowKind === 'message') return null
  const bytes = Buffer.from(content.text, content.encoding === 'base64' ? 'base64' : 'utf8')
  if (bytes.length !== _sluice?.contentBytes) return null
  const body = new ImportedBody()
  let start = 0
  for (let index = 0; index + 2 < clocks.length; index += 3) {
    const end = clocks[index]
    const arrivedAt = clocks[index + 1]
    const leftAt = clocks[index + 2]
    if (typeof end !== 'number' || typeof arrivedAt !== 'number' || end <= start) return null
    body.add(bytes.subarray(start, end), arrivedAt, typeof leftAt === 'number' ? leftAt : null)
    start = Math.min(end, bytes.length)
    if (start === bytes.length) break
  }
  return start < bytes.length ? null : body.record(rowKind)
}

/** Browsers write the status 0 where none came, and some say why. */
function noResponse(reason: string): string {
  return `The file tells of no response${reason === '' ? '.' : `: ${reason.slice(0, 200)}`}`
}

/** Some tools give the fields of a form in place of its text. */
function postedText(posted: Entry['request']['postData']): string {
  if (posted === undefined || posted.text !== '') return posted?.text ?? ''
  return new URLSearchParams(posted.params.map(({ name, value }): [string, string] => [name, value])).toString()
}

function contentOf({ response: { content } }: Entry, rowKind: RowKind, endedAt: number): BodyRecord | null {
  if (content.text === undefined || content.text === '') return null
  const body = new ImportedBody()
  body.add(Buffer.from(content.text, content.encoding === 'base64' ? 'base64' : 'utf8'), endedAt, endedAt)
  return body.record(rowKind)
}

/** The events as an upstream would have sent them. */
function eventsOf(messages: readonly z.output<typeof message>[], respondedAt: number): BodyRecord {
  const body = new ImportedBody()
  for (const { time, eventName, eventId, data, _arrivedAt, _leftAt } of messages) {
    // Browsers write seconds since 1970, others the date.
    const told = typeof time === 'number' ? time * 1000 : Date.parse(time)
    const arrivedAt = _arrivedAt ?? (Number.isFinite(told) ? told : respondedAt)
    const fields = [
      ...(eventName === '' || eventName === 'message' ? [] : [`event: ${oneLine(eventName)}`]),
      ...(eventId === '' ? [] : [`id: ${oneLine(eventId)}`]),
      ...data.split(/\r\n|\r|\n/).map((line) => `data: ${line}`),
    ]
    body.add(Buffer.from(`${fields.join('\n')}\n\n`, 'utf8'), arrivedAt, _leftAt === undefined ? arrivedAt : _leftAt)
  }
  return body.record('event')
}

function rowKindOf(mimeType: string): RowKind {
  const media = mimeType.split(';')[0]?.trim().toLowerCase()
  if (media === 'text/event-stream') return 'event'
  return media === 'application/x-ndjson' ? 'line' : 'chunk'
}

function oneLine(value: string): string {
  return value.replace(/[\r\n]/g, ' ')
}

function pairs(fields: readonly { readonly name: string; readonly value: string }[]): HeaderField[] {
  return fields.map(({ name, value }): HeaderField => [name, value])
}
