import { randomFillSync } from 'node:crypto'
import { expect } from 'vitest'
import { GatewayError } from '../../../proxy-core/contract/errors.ts'
import type { Exchange, ExchangeId } from '../../../proxy-core/contract/exchange.ts'
import type { ClientResponse } from '../../support/client-response.ts'
import { openClient, type Client } from '../../support/client.ts'
import type { FeedReader } from '../../support/feed-view.ts'
import type { TestGateway } from '../../support/gateway.ts'
import type { UpstreamExchange } from '../../support/upstream-exchange.ts'
import type { Upstream } from '../../support/upstream.ts'
import { spanOf } from './measure.ts'

/** What may happen to an open response. */
export type Step =
  | { readonly type: 'send'; readonly bytes: number; readonly isAwaited: boolean }
  | { readonly type: 'flip'; readonly to: 'off' | 'on' | 'auto' }
  | { readonly type: 'override'; readonly to: 'off' | 'on' | null }
  | { readonly type: 'release' | 'release-route' | 'pause' | 'resume' }
  | { readonly type: 'wait'; readonly ms: number }

/** The life of one response, its end included. */
export interface Script {
  readonly route: number
  readonly httpVersion: '1.0' | '1.1'
  readonly framing: 'chunked' | 'length' | 'close'
  readonly contentType: string
  readonly steps: readonly Step[]
  /** `cut` is the upstream's FIN, `end-here` the command that ends the exchange. */
  readonly end: 'complete' | 'cut' | 'reset' | 'leave' | 'leave-by-reset' | 'end-here'
}

/** Where scripts are played. The gateway must serve nothing else. */
export interface Stage {
  readonly upstream: Upstream
  readonly gateway: TestGateway
  readonly feed: FeedReader
}

interface Open extends Stage {
  readonly script: Script
  readonly id: ExchangeId
  readonly client: Client
  readonly exchange: UpstreamExchange
}

// Any stretch of it differs from its neighbours, so that bytes that are lost, doubled or swapped show.
const pool = randomFillSync(Buffer.alloc(4_000_000 + 65_536))
let nextId = 1

/** Plays scripts through the gateway, all at a time, and checks what each client got and what is on record. */
export async function runScripts(scripts: readonly Script[], stage: Stage): Promise<void> {
  const open: Open[] = []
  // One after the other, so that it is known which exchange has which number.
  for (const script of scripts) {
    const client = await openClient(stage.gateway.url)
    client.write(`GET /${script.route} HTTP/${script.httpVersion}\r\nHost: ${client.host}\r\n\r\n`)
    open.push({ ...stage, script, id: nextId++ as ExchangeId, client, exchange: await stage.upstream.next() })
  }
  await Promise.all(open.map(runScript))
  await expect.poll(() => stage.gateway.gateway.openExchanges(), { interval: 1 }).toBe(0)
}

async function runScript(open: Open): Promise<void> {
  const { script, client, feed, id } = open
  // A client that leaves early has no response, and is told so.
  const responding = client.nextResponse().catch(() => null)
  const sent = await play(open)
  const response = await responding
  if (response) await response.readAll()
  judge(script, sent, response)
  const record = await feed.exchange((one) => one.id === id && one.state !== 'open', `the end of exchange ${id}`)
  judgeRecord(script, record, response)
  await judgeCapture(open, record, sent)
  client.close()
}

async function play(open: Open): Promise<Buffer> {
  const { script, client, exchange, gateway, id } = open
  const sizes = script.steps.flatMap((step) => (step.type === 'send' ? [step.bytes] : []))
  await sendHead(
    script,
    exchange,
    sizes.reduce((sum, bytes) => sum + bytes, 0),
  )
  const pieces: Buffer[] = []
  for (const step of script.steps) {
    switch (step.type) {
      case 'send': {
        const start = (pieces.length * 7919) % 65_536
        const piece = pool.subarray(start, start + step.bytes)
        pieces.push(piece)
        const written = script.framing === 'chunked' ? exchange.chunk(piece) : exchange.write(piece)
        // A slow client makes the upstream wait, which is what is wanted, so that waiting for it has an end.
        if (step.isAwaited) await Promise.race([written, spanOf(5)])
        break
      }
      case 'flip':
        await gateway.command('route.buffering', { id: `route-${script.route}`, response: step.to })
        break
      case 'override':
        await unlessEnded(gateway.command('exchange.override', { id, response: step.to }))
        break
      case 'release':
        await unlessEnded(gateway.command('exchange.release', { id }))
        break
      case 'release-route':
        await gateway.command('route.release', { id: `route-${script.route}` })
        break
      case 'pause':
        client.pause()
        break
      case 'resume':
        client.resume()
        break
      case 'wait':
        await spanOf(step.ms)
    }
  }
  await sendEnd(open)
  client.resume()
  return Buffer.concat(pieces)
}

async function sendHead({ framing, contentType }: Script, exchange: UpstreamExchange, totalBytes: number): Promise<void> {
  const fields = { 'Content-Type': contentType }
  if (framing === 'chunked') await exchange.chunked({ fields })
  else if (framing === 'length') await exchange.head({ fields: { ...fields, 'Content-Length': String(totalBytes) } })
  else await exchange.head({ fields: { ...fields, Connection: 'close' } })
}

async function sendEnd({ script: { end, framing }, id, client, exchange, gateway }: Open): Promise<void> {
  switch (end) {
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
      await unlessEnded(gateway.command('exchange.end', { id }))
  }
}

/** A response with a length may be over before its script is. */
async function unlessEnded(command: Promise<void>): Promise<void> {
  await command.catch((error: unknown) => {
    if (!(error instanceof GatewayError && error.code === 'exchange-not-found')) throw error
  })
}

function judge({ end, framing }: Script, sent: Buffer, response: ClientResponse | null): void {
  if (response !== null && response.status !== 200) {
    // The end overtook the head, so that it could be answered.
    expect(['reset', 'cut', 'end-here']).toContain(end)
    expect(response.text).toMatch(/"code":"(upstream-reset|stopped-here)"/)
    return
  }
  const got = response?.bytes ?? Buffer.alloc(0)
  expect(got.length).toBeLessThanOrEqual(sent.length)
  expect(got.equals(sent.subarray(0, got.length)), 'the client’s bytes are the upstream’s').toBe(true)
  const isWhole = response !== null && got.length === sent.length
  // The end of a body that only the end of the connection ends is where the upstream put it.
  const isEnd = end === 'complete' || (end === 'cut' && framing === 'close') || (framing === 'length' && isWhole)
  if (end === 'complete' || (end === 'cut' && framing !== 'chunked')) expect(isWhole, 'the whole of it').toBe(true)
  expect(response === null || response.isDestroyedEarly, 'the end is clean where the upstream’s is').toBe(!isEnd)
}

function judgeRecord({ end }: Script, record: Exchange, response: ClientResponse | null): void {
  const ends = { complete: 'complete', cut: 'failed', reset: 'failed', leave: 'aborted', 'leave-by-reset': 'aborted', 'end-here': 'failed' }
  const isComplete = response?.status === 200 && !response.isDestroyedEarly
  // What has left may still be on its way when a client leaves or a connection is reset.
  expect(record.state === 'complete' || record.state === ends[end], `${record.state} after ${end}`).toBe(true)
  if (isComplete) expect(record).toMatchObject({ state: 'complete', error: null, leftBytes: response.byteCount })
  expect(record.leftBytes).toBeLessThanOrEqual(record.arrivedBytes)
  expect(record).toMatchObject({ heldBytes: 0, oldestHeldAt: null })
}

/** What was captured is what the upstream sent, as far as it arrived. */
async function judgeCapture({ gateway, id }: Open, record: Exchange, sent: Buffer): Promise<void> {
  const { total, bytes } = await gateway.command('exchange.body', { id, side: 'response', from: 0, to: 100_000 })
  if (total === 0) return
  expect(total).toBe(record.arrivedBytes)
  expect(Buffer.from(bytes).equals(sent.subarray(0, Math.min(total, 100_000))), 'what was captured is what was sent').toBe(true)
}
