import { onTestFinished, test } from 'vitest'
import type { FeedReader } from '../support/feed-view.ts'
import { request } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

const event = 'data: 1\n\n'

test('each of two windows learns how far an exchange has come, whatever it looks at, and goes on to when the other is closed', async () => {
  const upstream = await startUpstream()
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(async () => {
    await gateway.close()
    await upstream.close()
  })
  const first = await gateway.feed({ looks: false })
  const response = request(gateway.url)
  const exchange = await upstream.next()
  let rows = 0
  const send = (count: number) => {
    for (let index = 0; index < count; index++) void exchange.chunk(event)
    rows += count
  }
  const sees = (feed: FeedReader) => feed.exchange((each) => each.rows === rows && each.leftRows === rows, `${rows} rows`)

  await exchange.eventStream()
  send(3)
  await response
  await sees(first)
  // The second opens while the progress of these waits for its time in the first.
  send(3)
  const { totals } = first.view
  await first.until((view) => view.totals !== totals, 'the totals after these')
  const second = await gateway.feed({ looks: false })
  send(3)
  await Promise.all([sees(first), sees(second)])
  send(3)
  first.look([...first.view.exchanges.keys()])
  await Promise.all([sees(first), sees(second)])
  send(3)
  first.close()
  send(3)
  await sees(second)
  second.look([...second.view.exchanges.keys()], [])
  send(3)
  await sees(second)
})
