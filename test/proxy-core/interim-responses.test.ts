import { expect, onTestFinished, test } from 'vitest'
import { request } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

// RFC 9110 §15.2: a proxy forwards 1xx responses, but none to an HTTP/1.0 client.

test('an interim response is passed on before the final one', async () => {
  const upstream = await startUpstream(async (exchange) => {
    await exchange.write('HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n')
    await exchange.answer('final')
  })
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(async () => {
    await gateway.close()
    await upstream.close()
  })
  const response = await request(`${gateway.url}/`)
  expect((await response.readAll()).toString()).toBe('final')
  expect(response.informational.map((head) => head.startLine)).toEqual(['HTTP/1.1 103 Early Hints'])
  expect(response.informational[0]?.fields).toContainEqual(['Link', '</a.css>; rel=preload'])
})
