import { z } from 'zod'
import { GatewayError } from '../contract/errors.ts'
import type { ExchangeRecord } from '../exchange-record.ts'
import { ImportedBody } from './imported-body.ts'
import { ImportedMessages } from './imported-messages.ts'
import { ExchangeInFile, HeadsInFile, importedRecord } from './imported-exchange.ts'
import { linesVersion } from './json-lines.ts'
import { MessageLine, MessagesLine, messageTold } from './message-lines.ts'

const side = z.enum(['request', 'response'])
const raw = { raw: z.string().optional(), rawBase64: z.base64().optional() }
const clocks = { arrivedAt: z.number().nullable(), leftAt: z.number().nullable() }

const Line = z.discriminatedUnion('type', [
  z.object({ type: z.literal('exchange'), sluice: z.number(), exchange: ExchangeInFile, heads: HeadsInFile }),
  z.object({ type: z.literal('body'), side, firstRow: z.int().min(0), from: z.int().min(0) }),
  z.object({ type: z.literal('mark'), side, ...raw }),
  z.object({ type: z.literal('row'), side, before: z.string().optional(), ...clocks, ...raw }),
  z.object({ type: z.literal('rest'), side, ...clocks, ...raw }),
  MessagesLine,
  MessageLine,
])

interface Begun {
  readonly told: ExchangeInFile
  readonly heads: z.output<typeof HeadsInFile>
  readonly bodies: Map<string, ImportedBody>
  messages: ImportedMessages | null
}

/** Reads what `jsonLines` writes, line by line. */
export class JsonLinesReader {
  readonly #records: ExchangeRecord[] = []
  #begun: Begun | null = null
  #lines = 0
  /** A byte order mark, whose time is that of what follows. */
  readonly #marks = new Map<string, Buffer>()

  /** Takes one line; throws a `GatewayError` that says which line is wrong, and how. */
  take(text: string): void {
    this.#lines++
    if (text.trim() === '') return
    const line = this.#parse(text)
    if (line.type === 'exchange') {
      if (line.sluice > linesVersion) throw this.#refuse(`was written by a newer version (${String(line.sluice)}) than this one reads`)
      this.#settle()
      this.#begun = { told: line.exchange, heads: line.heads, bodies: new Map(), messages: null }
      return
    }
    const begun = this.#begun
    if (begun === null) throw this.#refuse('stands before the first exchange')
    if (line.type === 'body') {
      begun.bodies.set(line.side, new ImportedBody(line))
      return
    }
    if (line.type === 'messages') {
      begun.messages = new ImportedMessages(line)
      return
    }
    if (line.type === 'message') {
      if (begun.messages === null) throw this.#refuse('stands before the line of its messages')
      begun.messages.add(messageTold(line, begun.told.startedAt))
      return
    }
    const bytes = line.rawBase64 === undefined ? Buffer.from(line.raw ?? '', 'utf8') : Buffer.from(line.rawBase64, 'base64')
    if (line.type === 'mark') {
      this.#marks.set(line.side, bytes)
      return
    }
    const body = begun.bodies.get(line.side)
    if (!body) throw this.#refuse('stands before the line of its body')
    const mark = this.#marks.get(line.side)
    this.#marks.delete(line.side)
    const before = 'before' in line && line.before !== undefined ? [Buffer.from(line.before, 'latin1')] : []
    body.add(Buffer.concat([...(mark ? [mark] : []), ...before, bytes]), line.arrivedAt ?? begun.told.startedAt, line.leftAt)
  }

  /** All exchanges of the file. */
  finish(): readonly ExchangeRecord[] {
    this.#settle()
    return this.#records
  }

  #settle(): void {
    if (this.#begun === null) return
    const { told, heads, bodies, messages } = this.#begun
    const response = bodies.get('response')?.record(told.rowKind ?? 'chunk') ?? null
    const request = bodies.get('request')?.record('chunk') ?? null
    this.#records.push(importedRecord(told, heads, { request, response, messages: messages?.record() ?? null }))
    this.#begun = null
    this.#marks.clear()
  }

  #parse(text: string): z.output<typeof Line> {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      throw this.#refuse('is not JSON; the file may have been cut off there')
    }
    const checked = Line.safeParse(value)
    if (checked.success) return checked.data
    const [issue] = checked.error.issues
    throw this.#refuse(`is not as expected at ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
  }

  #refuse(how: string): GatewayError {
    return new GatewayError('invalid-input', `Line ${this.#lines} of the file ${how}. Nothing was imported.`)
  }
}
