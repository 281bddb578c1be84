// What is said of a WebSocket is true of a tunnel: nothing is held, a client may be slow, a silence is of both sides.
import { expect, onTestFinished, test } from 'vitest'
import { CaptureBudget } from '../../proxy-core/capture.ts'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { VerdictEvidence } from '../../proxy-core/verdict-evidence.ts'
import { MessageLog } from '../../proxy-core/web-socket/message-log.ts'
import { verdictFinding } from '../../renderer/inspector/verdict-text.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startSwitchingUpstream } from '../support/raw-tunnel.ts'
import { frame } from '../support/web-socket-frames.ts'

const key = [1, 2, 3, 4] as const

function judge(log: MessageLog, evidence: VerdictEvidence, end: Partial<Pick<Exchange, 'state' | 'endedAt'>> = {}, at = 100_000) {
  const subject = { contentType: null, contentEncoding: null, framing: 'none', rowKind: 'message', respondedAt: 1 } as const
  const verdict = evidence.verdict({ ...subject, tap: log, arrivedBytes: 1, heldBytes: 0, state: 'open', endedAt: null, ...end }, at)
  return { verdict, words: verdictFinding({ verdict, rowKind: 'message' }) }
}

test('messages that come together are no burst that somebody holds', () => {
  const log = new MessageLog(new CaptureBudget(1e9, 1e9), { deflate: null })
  for (const at of [1000, 2000, 3000]) {
    for (let index = 0; index < 20; index++) log.arrived('toClient', frame({ opcode: 1, payload: 'tick' }), at + index / 100)
  }
  const { verdict, words } = judge(log, new VerdictEvidence(0), {}, 3500)
  expect(verdict.type).toBe('passes')
  expect(words).toBe('passes as it comes in both directions: a WebSocket is never held here')
  expect(judge(log, new VerdictEvidence(0), {}, 63_000.19).words).toBe('both sides silent for 1 min 0 s so far')
})

test('a silence is one of both sides, and who ended it is named', () => {
  const log = new MessageLog(new CaptureBudget(1e9, 1e9), { deflate: null })
  log.arrived('toClient', frame({ opcode: 1, payload: 'hello' }), 1000)
  log.arrived('toUpstream', frame({ opcode: 1, payload: 'hello', key }), 1500)
  const evidence = new VerdictEvidence(0)
  evidence.upstreamEnded(61_500)
  const { verdict, words } = judge(log, evidence, { state: 'failed', endedAt: 61_500 })
  expect(verdict).toMatchObject({ type: 'idle-gap', longestGapMs: 60_000, endedBy: 'upstream', causes: [{ type: 'idle-timeout' }] })
  expect(words).toMatch(/^both sides silent for 1 min.*, then the upstream ended it$/)
  // What the client says breaks it too.
  log.arrived('toUpstream', frame({ opcode: 1, payload: 'more', key }), 50_000)
  log.arrived('toClient', frame({ opcode: 1, payload: 'more' }), 61_400)
  expect(judge(log, evidence, { state: 'complete', endedAt: 61_500 }).verdict).toMatchObject({ longestGapMs: 48_500 })
})

test('a client that does not read is slow, and in the end it has all that was said', async () => {
  const upstream = await startSwitchingUpstream()
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(async () => {
    await gateway.close()
    await upstream.close()
  })
  const feed = await gateway.feed()
  const tunnel = await upstream.open(gateway.url)
  tunnel.client.socket.pause()
  const large = frame({ opcode: 2, payload: Buffer.alloc(16_000_000, 7) })
  tunnel.upstream.socket.write(large)
  await feed.exchange((one) => one.arrivedBytes > 1_000_000)
  // Slow is who makes bytes wait for more than a twentieth of the time.
  await new Promise((resolve) => setTimeout(resolve, 300))
  tunnel.client.socket.resume()
  const slow = await feed.exchange((one) => one.verdict.type === 'client-slow')
  expect(slow).toMatchObject({ rowKind: 'message', state: 'open' })
  await tunnel.client.until(large.length)
  expect(tunnel.client.received.equals(large)).toBe(true)
  const done = await feed.exchange((one) => one.leftRows === 1)
  const { rows } = await gateway.command('exchange.rows', { id: done.id, from: 0, to: 1 })
  expect(rows).toMatchObject([{ bytes: 16_000_000, message: { opcode: 'binary' } }])
  // It is no stream of a model, and nothing to play again.
  expect(await gateway.command('exchange.assembled', { id: done.id })).toMatchObject({ shape: null, outputs: [] })
  await expect(gateway.command('recording.save', { id: done.id, name: 'socket' })).rejects.toThrow('A WebSocket goes both ways')
})
