import type { ClientResponse } from '../support/client-response.ts'
import type { Client } from '../support/client.ts'
import type { UpstreamExchange } from '../support/upstream-exchange.ts'
import { contentTypes, drawBytes, drawPiece } from './life-content.ts'
import type { LifePlan } from './life-plan.ts'
import { judgeBody, judgeRefusal, type World } from './life-judge.ts'
import { Random } from './random.ts'

/** When a client leaves, its upstream's connection is closed in 50 ms; what is a finding here is that it stays open. */
const closedWithinMs = 10_000
const endsWithinMs = 90_000

/** One client's exchange from its connection to its judgement, its upstream's side included. */
export class Life {
  readonly plan: LifePlan
  readonly #world: World
  readonly #random: Random
  readonly #startedAt = Date.now()
  readonly #arrival: Promise<UpstreamExchange>
  #arrive: (exchange: UpstreamExchange) => void = () => {}
  #arrivals = 0
  #isTold = false
  #wake: () => void = () => {}

  constructor(plan: LifePlan, seed: number, world: World) {
    this.plan = plan
    this.#world = world
    this.#random = new Random(seed)
    this.#arrival = new Promise((resolve) => (this.#arrive = resolve))
  }

  /** Its request has come to an upstream. */
  arrived(exchange: UpstreamExchange): void {
    this.#arrivals++
    if (this.plan.kind === 'reset-before-head') {
      // A GET may be tried again on a fresh connection: that one fails too.
      exchange.reset()
      if (this.#arrivals > 2) this.#world.findings.add('a request is sent more than twice', this.plan.target)
    } else if (this.#arrivals > 1) {
      this.#world.findings.add('a request is sent twice', `${this.plan.method} ${this.plan.target}`)
      exchange.destroy()
    }
    this.#arrive(exchange)
  }

  /** Lets a stream come to the end that was planned for it. */
  tellToEnd(): void {
    this.#isTold = true
    this.#wake()
  }

  async run(): Promise<void> {
    const { plan } = this
    const connected = await this.#world.connect(plan)
    if (connected === null) return
    const { client } = connected
    const sending = this.#sendRequest(client)
    const responding = client.nextResponse().catch(() => null)
    // A refusal comes without the upstream's having seen the request.
    const exchange = await Promise.race([this.#arrival, responding.then(() => null)])
    if (exchange === null || plan.kind === 'reset-before-head') {
      const response = await responding
      if (response !== null) await response.readAll(endsWithinMs).catch(() => {})
      judgeRefusal(plan, response, { world: this.#world, startedAt: this.#startedAt, connected })
      client.close()
      return
    }
    switch (plan.kind) {
      case 'leave-before-head':
        return this.#leaveEarly(client, exchange)
      case 'small':
        await this.#small(exchange, responding)
        break
      case 'upload':
        if (!(await this.#upload(client, exchange, sending, responding))) client.close()
        break
      case 'stream':
      case 'large':
      case 'refused':
        if (!(await this.#body(client, exchange, responding))) client.close()
    }
    this.#world.giveBack(client)
  }

  async #sendRequest(client: Client): Promise<Buffer> {
    const { method, target, kind, ending } = this.plan
    if (kind !== 'upload') {
      client.send({ method, target })
      return Buffer.alloc(0)
    }
    const body = drawBytes(this.#random, this.#random.int(0, 600_000))
    const isChunked = this.#random.chance(0.4)
    const fields = isChunked ? [['Transfer-Encoding', 'chunked'] as const] : [['Content-Length', String(body.length)] as const]
    client.send({ method, target, fields })
    const partBytes = this.#random.int(500, 65_536)
    const leavesAt = ending.startsWith('leave') ? this.#random.int(0, body.length) : body.length + 1
    for (let at = 0; at < body.length; at += partBytes) {
      const part = body.subarray(at, at + partBytes)
      if (isChunked) client.write(`${part.length.toString(16)}\r\n`)
      client.write(part)
      if (isChunked) client.write('\r\n')
      if (this.#random.chance(0.2)) await this.#pause(this.#random.int(1, 50))
      if (at >= leavesAt) return body
    }
    if (isChunked) client.write('0\r\n\r\n')
    return body
  }

  async #leaveEarly(client: Client, exchange: UpstreamExchange): Promise<void> {
    await this.#pause(this.#random.int(0, 300))
    client.leave()
    await this.#expectUpstreamClosed(exchange)
  }

  async #small(exchange: UpstreamExchange, responding: Promise<ClientResponse | null>): Promise<void> {
    const { plan } = this
    const body = drawBytes(this.#random, this.#random.int(0, 3000))
    const status = plan.method === 'HEAD' ? 200 : this.#random.pick([200, 200, 201, 404, 500, 204, 304])
    const hasNone = plan.method === 'HEAD' || status === 204 || status === 304
    if (hasNone) void exchange.head({ status, fields: status === 200 ? { 'Content-Length': String(body.length) } : {} })
    else void exchange.answer(body, { status, fields: contentTypes.bytes })
    const response = await responding
    await judgeBody({ plan, sent: hasNone ? Buffer.alloc(0) : body, status, response, world: this.#world, endsWithinMs })
  }

  async #upload(
    client: Client,
    exchange: UpstreamExchange,
    sending: Promise<Buffer>,
    responding: Promise<ClientResponse | null>,
  ): Promise<boolean> {
    const { plan } = this
    if (this.#random.chance(0.3)) {
      exchange.pause()
      await this.#pause(this.#random.int(1, 500))
      exchange.resume()
    }
    const body = await sending
    if (plan.ending.startsWith('leave')) {
      if (plan.ending === 'leave') client.leave()
      else client.reset()
      await this.#expectUpstreamClosed(exchange)
      const got = await exchange.bodyBytes(0)
      if (!body.subarray(0, got.length).equals(got))
        this.#world.findings.add('an upload that was left differs from what was sent', plan.target)
      return false
    }
    const got = await exchange.body().catch(() => null)
    if (got === null || !got.equals(body)) {
      this.#world.findings.add('an upload differs from what was sent', `${plan.target}: ${String(got?.length)} of ${String(body.length)}`)
    }
    this.#world.tally.add('upBytes', body.length)
    const answer = drawBytes(this.#random, 100)
    void exchange.answer(answer)
    await judgeBody({
      plan: { ...plan, ending: 'complete' },
      sent: answer,
      status: 200,
      response: await responding,
      world: this.#world,
      endsWithinMs,
    })
    return true
  }

  /** Sends a body with all that may happen to it meanwhile; false when the connection can serve nobody else. */
  async #body(client: Client, exchange: UpstreamExchange, responding: Promise<ClientResponse | null>): Promise<boolean> {
    const { plan } = this
    const totalBytes = plan.kind === 'large' ? this.#random.int(200_000, 5_000_000) : 0
    const fields = { ...contentTypes[plan.content] }
    if (plan.framing === 'chunked') void exchange.chunked({ fields })
    else if (plan.framing === 'length') void exchange.head({ fields: { ...fields, 'Content-Length': String(totalBytes) } })
    else void exchange.head({ fields: { ...fields, Connection: 'close' } })
    const sent = plan.kind === 'large' ? await this.#sendLarge(client, exchange, totalBytes) : await this.#sendStream(client, exchange)
    await this.#end(client, exchange)
    client.resume()
    await judgeBody({ plan, sent: Buffer.concat(sent), status: 200, response: await responding, world: this.#world, endsWithinMs })
    if (plan.ending.startsWith('leave') || plan.ending === 'end-here') await this.#expectUpstreamClosed(exchange)
    return plan.ending === 'complete' && plan.framing !== 'close'
  }

  async #sendStream(client: Client, exchange: UpstreamExchange): Promise<readonly Buffer[]> {
    const { plan } = this
    const sent: Buffer[] = []
    while (!this.#isTold && !client.isClosed) {
      await this.#pause(this.#random.int(10, 500))
      const step = this.#random.weighted({ send: 78, burst: 4, large: 2, quiet: 3, pause: 4, resume: 6, release: 3, override: 4 })
      switch (step) {
        case 'send':
        case 'burst':
        case 'large':
          for (let count = step === 'burst' ? 20 : 1; count > 0; count--) {
            const piece = drawPiece(
              this.#random,
              plan.content,
              step === 'large' ? this.#random.int(2000, 60_000) : this.#random.int(1, 700),
            )
            sent.push(piece)
            void (plan.framing === 'chunked' ? exchange.chunk(piece) : exchange.write(piece))
          }
          break
        case 'quiet':
          await this.#pause(this.#random.int(1000, 4000))
          break
        case 'pause':
          client.pause()
          break
        case 'resume':
          client.resume()
          break
        case 'release':
          await this.#command('exchange.release')
          break
        case 'override':
          await this.#command('exchange.override', { response: this.#random.pick(['off', 'on', null]) })
      }
    }
    return sent
  }

  async #sendLarge(client: Client, exchange: UpstreamExchange, totalBytes: number): Promise<readonly Buffer[]> {
    const { plan } = this
    const sent: Buffer[] = []
    if (this.#random.chance(0.5)) client.pause()
    const wantedBytes = plan.ending === 'complete' ? totalBytes : Math.floor(totalBytes * (0.2 + this.#random.next() * 0.7))
    for (let at = 0; at < wantedBytes && !client.isClosed;) {
      const piece = drawPiece(this.#random, 'bytes', Math.min(wantedBytes - at, this.#random.int(1, 200_000)))
      sent.push(piece)
      at += piece.length
      const written = plan.framing === 'chunked' ? exchange.chunk(piece) : exchange.write(piece)
      // A slow client makes the upstream wait, which is what is wanted, so that waiting for it has an end.
      await Promise.race([written, this.#pause(50)])
      if (this.#random.chance(0.1)) client.pause()
      if (this.#random.chance(0.3)) client.resume()
      if (this.#random.chance(0.05)) await this.#command('exchange.override', { response: this.#random.pick(['off', 'on', null]) })
    }
    return sent
  }

  async #end(client: Client, exchange: UpstreamExchange): Promise<void> {
    const { ending, framing } = this.plan
    this.#world.tally.add(`ending:${ending}`)
    switch (ending) {
      case 'complete':
        if (framing === 'chunked') void exchange.endChunks()
        else if (framing === 'close') exchange.end()
        return
      case 'cut':
        return exchange.cut()
      case 'reset':
        return exchange.reset()
      case 'leave':
        return client.leave()
      case 'leave-by-reset':
        return client.reset()
      case 'end-here':
        // The feed may not have told of the exchange yet.
        for (let tries = 0; tries < 100 && (await this.#command('exchange.end')) === false; tries++) await this.#pause(20)
    }
  }

  async #expectUpstreamClosed(exchange: UpstreamExchange): Promise<void> {
    const startedAt = Date.now()
    const isClosed = await exchange.closed(closedWithinMs).catch(() => null)
    if (isClosed === null) this.#world.findings.add('an upstream connection stays open when its client has left', this.plan.target)
    else (this.plan.kind === 'upload' ? this.#world.uploadCloses : this.#world.closes).push(Math.max(0, Date.now() - startedAt))
  }

  #command(name: string, input: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    this.#world.tally.add(`command:${name}`)
    return this.#world.gateway.exchangeCommand(this.plan.target, name, input)
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      // Being told to end ends a wait of a stream too.
      if (this.plan.kind === 'stream') {
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      }
    })
  }
}
