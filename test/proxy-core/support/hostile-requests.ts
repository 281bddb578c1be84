import { connect, type Socket } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { Condition } from '../../support/condition.ts'
import { routeTo } from '../../support/gateway.ts'
import { fieldValue, HttpReader, type Framing, type Head } from '../../support/http-reader.ts'
import type { UpstreamExchange } from '../../support/upstream-exchange.ts'
import type { PassedRequest, RequestCase, RequestOutcome } from '../corpus/request-case.ts'
import { besideStream } from './stream-beside.ts'

const answerBody = 'answer'
const next = 'GET /next HTTP/1.1\r\nHost: localhost\r\n\r\n'

/** Sends each case raw to one gateway while an ordinary stream runs beside, and compares what came of it with what must. */
export function testHostileRequests(cases: readonly RequestCase[]): void {
  // No route answers for the other names of this machine.
  const beside = besideStream(serve, (url) => [routeTo(url, { match: { path: '/*', hosts: ['localhost'] } })])
  afterAll(() => {
    // Nothing that was hidden in a body came out of it later.
    const { exchanges } = beside.upstream
    expect(exchanges.filter((one) => one.header('x-hidden') !== null || one.target.includes('smuggled'))).toEqual([])
  })

  const numbered = cases.map((one, index) => withNumber(one, index))
  test.for(numbered.map((one) => [`${one.outcome.type}: ${one.name} (${one.rule})`, one] as const))('%s', async ([, one]) => {
    const { upstream, gateway } = beside
    const before = upstream.exchanges.length
    const own = numberIn(one.send)
    const client = await RawClient.open(gateway.url, one.send)
    client.write(one.send)
    if (one.ends) client.end()
    await judge(one.outcome, client, () =>
      // A request that was cut may reach the upstream after its client has gone.
      upstream.exchanges.slice(before).filter(({ target }) => [null, own].includes(numberIn(target))),
    )
    client.close()
  })
}

function withNumber(one: RequestCase, index: number): RequestCase {
  const write = (text: string): string => text.replaceAll('/case', `/case-${String(index)}-`)
  const { outcome } = one
  if (outcome.type !== 'passed') return { ...one, send: write(one.send) }
  return {
    ...one,
    send: write(one.send),
    outcome: { type: 'passed', request: { ...outcome.request, target: write(outcome.request.target) } },
  }
}

function numberIn(text: string): string | null {
  return /\/case-(\d+)-/.exec(text)?.[1] ?? null
}

async function serve(exchange: UpstreamExchange): Promise<void> {
  await exchange.body()
  if (exchange.method === 'HEAD') await exchange.write(`HTTP/1.1 200 OK\r\nContent-Length: ${answerBody.length}\r\n\r\n`)
  else await exchange.answer(answerBody)
}

async function judge(outcome: RequestOutcome, client: RawClient, seen: () => readonly UpstreamExchange[]): Promise<void> {
  switch (outcome.type) {
    case 'refused':
      await client.untilClosed()
      expectErrors(client, outcome.status)
      expect(seen().map(({ rawHead }) => rawHead)).toEqual([])
      return
    case 'answered': {
      await client.untilResponses(1)
      expect(outcome.status).toContain(client.responses[0]?.status)
      await expectNext(client)
      expect(seen().map(({ target }) => target)).toEqual(['/next'])
      return
    }
    case 'cut': {
      await client.untilClosed()
      expect(client.responses.length).toBeLessThanOrEqual(1)
      if (client.responses.length > 0) expectErrors(client, outcome.status)
      expect(seen().length).toBeLessThanOrEqual(1)
      expect(seen().some((one) => one.isComplete)).toBe(false)
      return
    }
    case 'passed':
      await client.untilResponses(1)
      expect(client.responses.map(({ status }) => status)).toEqual([200])
      await expectPassed(outcome.request, seen())
      if (outcome.request.closes) await client.untilClosed()
      else await expectNext(client)
      expect(seen()).toHaveLength(outcome.request.closes ? 1 : 2)
      return
  }
}

/** The connection serves another request, and nothing else has come over it. */
async function expectNext(client: RawClient): Promise<void> {
  client.write(next)
  await client.untilResponses(2)
  expect(client.responses).toHaveLength(2)
  expect(client.responses[1]).toMatchObject({ status: 200, body: answerBody })
}

function expectErrors(client: RawClient, statuses: readonly number[]): void {
  expect(client.responses).toHaveLength(1)
  const [response] = client.responses
  expect(statuses).toContain(response?.status)
  expect(response?.fields).toMatchObject({ 'content-type': 'application/json; charset=utf-8', connection: 'close' })
  const { error } = JSON.parse(response?.body ?? '') as { error: { code: string; message: string } }
  expect(error).toEqual({ code: expect.stringMatching(/^[a-z-]+$/) as string, message: expect.stringMatching(/^[A-Z].*[.?]$/) as string })
}

async function expectPassed(wanted: PassedRequest, [exchange, ...more]: readonly UpstreamExchange[]): Promise<void> {
  expect(more).toEqual([])
  if (!exchange) throw new Error('The upstream saw no request.')
  const body = (await exchange.body()).toString('latin1')
  expect({ method: exchange.method, target: exchange.target, body }).toEqual({
    method: wanted.method,
    target: wanted.target,
    body: wanted.body,
  })
  for (const [name, value] of Object.entries(wanted.fields)) expect(exchange.header(name), name).toBe(value)
  // One framing, in its usual spelling, and nothing that could be taken for another one.
  const framing = exchange.fields.filter(([name]) => /^(content.length|transfer.encoding)$/i.test(name))
  if (wanted.body === '') expect(framing.filter(([, value]) => value !== '0')).toEqual([])
  else expect(framing).toHaveLength(1)
  for (const [name, value] of framing) {
    const usual = name.toLowerCase() === 'transfer-encoding' ? 'chunked' : String(wanted.body.length)
    expect([name.toLowerCase(), value]).toEqual([name.toLowerCase(), usual])
  }
}

interface RawResponse {
  readonly status: number
  readonly fields: Record<string, string>
  body: string
}

/** A client that sends bytes and reads whatever answers come, whether it asked or not. */
class RawClient {
  readonly responses: RawResponse[] = []
  readonly #socket: Socket
  readonly #condition = new Condition()
  #current: RawResponse | null = null
  #isClosed = false
  #isUnreadable = false

  static async open(url: string, firstRequest: string): Promise<RawClient> {
    const { hostname, port } = new URL(url)
    const socket = connect({ host: hostname, port: Number(port), noDelay: true, allowHalfOpen: true })
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    return new RawClient(socket, firstRequest.startsWith('HEAD '))
  }

  private constructor(socket: Socket, isFirstHead: boolean) {
    this.#socket = socket
    const reader = new HttpReader({
      onHead: (head) => this.#onHead(head, isFirstHead),
      onBody: (content) => {
        if (this.#current) this.#current.body += content.toString('latin1')
      },
      onEnd: () => {
        if (this.#current) this.responses.push(this.#current)
        this.#current = null
        this.#condition.changed()
      },
    })
    socket.on('data', (bytes: Buffer) => {
      try {
        reader.feed(bytes)
      } catch {
        this.#isUnreadable = true
      }
    })
    const closed = (): void => {
      if (reader.isInHead || reader.isInBody) this.#isUnreadable = true
      this.#isClosed = true
      this.#condition.changed()
    }
    socket.on('end', closed).on('close', closed).on('error', closed)
  }

  write(bytes: string): void {
    this.#socket.write(bytes, 'latin1')
  }

  end(): void {
    this.#socket.end()
  }

  close(): void {
    this.#socket.destroy()
    expect(this.#isUnreadable).toBe(false)
  }

  async untilClosed(): Promise<void> {
    const what = (): string => `the end of the connection; ${JSON.stringify(this.responses)} so far`
    await this.#condition.until(() => this.#isClosed, what)
  }

  async untilResponses(count: number): Promise<void> {
    const what = (): string => `${String(count)} answers; ${JSON.stringify(this.responses)} so far, closed: ${String(this.#isClosed)}`
    await this.#condition.until(() => this.responses.length >= count, what)
  }

  #onHead(head: Head, isFirstHead: boolean): Framing {
    const status = Number(head.startLine.split(' ')[1])
    if (status === 100) return 'none'
    const fields = Object.fromEntries(head.fields.map(([name, value]) => [name.toLowerCase(), value]))
    this.#current = { status, fields, body: '' }
    if (status === 204 || (isFirstHead && this.responses.length === 0)) return 'none'
    const length = fieldValue(head.fields, 'content-length')
    return fields['transfer-encoding'] === 'chunked' ? 'chunked' : length === null ? 'close' : { lengthBytes: Number(length) }
  }
}
