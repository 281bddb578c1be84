import { constants } from 'node:http2'
import { expect, onTestFinished, test } from 'vitest'
import { routeTo } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { Http2Exchange, openHttp2, startTlsGateway } from './support/http2-client.ts'

test('a cut on purpose resets its HTTP/2 stream behind an exact start, and the others go on', async () => {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const faulty = routeTo(upstream.url, { id: 'faulty', match: { path: '/faulty' }, faults: { enabled: true, cutAfterEvents: 1 } })
  const { url, ca } = await startTlsGateway({ routes: [faulty, routeTo(upstream.url)] })
  const session = await openHttp2(url, ca)
  const other = new Http2Exchange(session, { ':path': '/other' })
  const othersExchange = await upstream.next()
  await othersExchange.eventStream()
  const asked = new Http2Exchange(session, { ':path': '/faulty' })
  const exchange = await upstream.next()
  await exchange.eventStream()
  await exchange.chunk('data: a\r\n\r\ndata: b\r\n\r\n')
  await asked.closed()
  expect([asked.body.toString(), asked.hasEnded, asked.resetCode]).toEqual(['data: a\r\n\r\n', false, constants.NGHTTP2_INTERNAL_ERROR])
  await othersExchange.chunk('data: still here\n\n')
  await other.untilText('still here')
  expect(session.destroyed).toBe(false)
})
