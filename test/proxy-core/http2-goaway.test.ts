// RFC 9113 §6.8: what a GOAWAY left out was not processed, so that it may be sent again, whatever its method.
import { buffer } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { fetchWhole, openClient, request } from '../support/client.ts'
import { startGateway } from '../support/gateway.ts'
import { startHttp2Upstream } from './support/http2-upstream.ts'

async function start() {
  const { upstream, streams } = await startHttp2Upstream()
  const gateway = await startGateway({ routes: [{ id: 'all', match: { path: '/*' }, upstream }] })
  onTestFinished(() => gateway.close())
  const stream = async (path: string, number = 1) => (await streams(path, number)).at(-1)!
  return { gateway, streams, stream }
}

test.for([
  ['a GET', 'GET', undefined],
  ['a POST with a body', 'POST', 'what to do'],
  ['a POST without a body', 'POST', undefined],
] as const)('%s that a GOAWAY leaves out is sent again, once, while a stream that it kept goes on', async ([, method, body]) => {
  const { gateway, streams, stream } = await start()
  const feed = await gateway.feed()
  const keptResponse = request(`${gateway.url}/kept`)
  const kept = await stream('/kept')
  kept.respond({ ':status': 200, 'content-type': 'text/event-stream' })
  kept.write('data: one\n\n')
  const refused = fetchWhole(`${gateway.url}/refused`, { method, ...(body === undefined ? {} : { body }) })
  if (body !== undefined) await buffer(await stream('/refused'))
  await stream('/refused')
  kept.session?.goaway(0, kept.id)
  const again = await stream('/refused', 2)
  expect((await buffer(again)).toString()).toBe(body ?? '')
  again.respond({ ':status': 200 })
  again.end('done')
  expect((await refused).text).toBe('done')
  expect((await feed.exchange((one) => one.target === '/refused' && one.state !== 'open')).requestBytes).toBe(body?.length ?? 0)
  kept.end('data: two\n\n')
  expect((await (await keptResponse).readAll()).toString()).toBe('data: one\n\ndata: two\n\n')
  expect(await streams('/refused', 2)).toHaveLength(2)
})

test.for([
  ['whose end has not come', 100],
  ['that is too large to be kept', 100_000],
] as const)('a POST with a body %s is answered with 502 when a GOAWAY leaves it out', async ([, bytes]) => {
  const { gateway, streams, stream } = await start()
  const keptResponse = request(`${gateway.url}/kept`)
  const kept = await stream('/kept')
  kept.respond({ ':status': 200 })
  kept.write('one')
  const client = await openClient(gateway.url)
  onTestFinished(() => client.close())
  const isWhole = bytes > 65_536
  client.send({ method: 'POST', target: '/refused', fields: { 'Content-Length': String(isWhole ? bytes : bytes + 1) } })
  client.write(Buffer.alloc(bytes, 'x'))
  const refused = await stream('/refused')
  await new Promise((resolve) => (isWhole ? refused.resume().once('end', resolve) : refused.once('data', resolve)))
  kept.session?.goaway(0, kept.id)
  expect((await client.nextResponse()).status).toBe(502)
  kept.end('two')
  expect((await (await keptResponse).readAll()).toString()).toBe('onetwo')
  expect(await streams('/refused', 1)).toHaveLength(1)
})
