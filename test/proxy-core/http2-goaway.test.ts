// RFC 9113 §6.8 and §8.7: what a GOAWAY leaves out or REFUSED_STREAM refuses was not processed, and may be sent again, whatever its method.
import { constants } from 'node:http2'
import { buffer } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { fetchWhole, openClient, request } from '../support/client.ts'
import { startGateway } from '../support/gateway.ts'
import { startHttp2Upstream } from './support/http2-upstream.ts'
import { openKeptStream } from './support/kept-stream.ts'

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
  const { kept, finish } = await openKeptStream(gateway.url, stream)
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
  await finish()
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

test.for([
  ['a GET', undefined],
  ['a POST with a body', 'what to do'],
] as const)('%s whose stream is refused is sent again, once', async ([, body]) => {
  const { gateway, streams, stream } = await start()
  const init = body === undefined ? {} : { method: 'POST', body }
  const refused = fetchWhole(`${gateway.url}/refused`, init)
  const first = await stream('/refused')
  await buffer(first)
  first.close(constants.NGHTTP2_REFUSED_STREAM)
  const again = await stream('/refused', 2)
  expect((await buffer(again)).toString()).toBe(body ?? '')
  again.respond({ ':status': 200 })
  again.end('done')
  expect((await refused).text).toBe('done')
  const unwanted = fetchWhole(`${gateway.url}/unwanted`, init)
  ;(await stream('/unwanted')).close(constants.NGHTTP2_REFUSED_STREAM)
  ;(await stream('/unwanted', 2)).close(constants.NGHTTP2_REFUSED_STREAM)
  expect((await unwanted).status).toBe(502)
  expect(await streams('/unwanted', 2)).toHaveLength(2)
})

test('a response that has begun is cut when a GOAWAY leaves its stream out, and nothing is sent again', async () => {
  const { gateway, streams, stream } = await start()
  const keptResponse = request(`${gateway.url}/kept`)
  const kept = await stream('/kept')
  kept.respond({ ':status': 200 })
  kept.write('one')
  const response = request(`${gateway.url}/begun`, { method: 'POST', body: 'what to do' })
  const begun = await stream('/begun')
  await buffer(begun)
  begun.respond({ ':status': 200 })
  begun.write('some')
  await (await response).waitForText('some')
  kept.session?.goaway(0, kept.id)
  expect((await (await response).readAll()).toString()).toBe('some')
  expect((await response).isDestroyedEarly).toBe(true)
  kept.end('two')
  expect((await (await keptResponse).readAll()).toString()).toBe('onetwo')
  expect(await streams('/begun', 1)).toHaveLength(1)
})

test('a GET that the second GOAWAY of a shutdown leaves out is served elsewhere, while streams that are kept go on', async () => {
  const { gateway, streams, stream } = await start()
  const { kept, finish } = await openKeptStream(gateway.url, stream)
  const refused = fetchWhole(`${gateway.url}/refused`)
  await stream('/refused')
  // RFC 9113 §6.8: a server that shuts down says so first, and what it leaves out when that has been heard.
  kept.session?.goaway(0, 2 ** 31 - 1)
  kept.session?.goaway(0, kept.id)
  const again = await stream('/refused', 2)
  again.respond({ ':status': 200 })
  again.end('done')
  expect((await refused).text).toBe('done')
  await finish()
  expect(await streams('/refused', 2)).toHaveLength(2)
})
