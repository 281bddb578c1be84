import { expect, test } from 'vitest'
import type { FeedMessage, GatewayEvent, Snapshot } from '../../proxy-core/contract/events.ts'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { EventFeed } from '../../proxy-core/event-feed.ts'
import type { LiveExchange } from '../../proxy-core/live-exchange.ts'

const event = (totals: number): GatewayEvent => ({ type: 'exchanges.forgotten', ids: [totals as ExchangeId] })
const exchange = (id: number, isOpen = true) => ({ id, isOpen, moved: () => ({ rows: id }) }) as unknown as LiveExchange

function openFeed() {
  const sent: FeedMessage[] = []
  const feed = new EventFeed(
    (message) => sent.push(message),
    () => ({ routes: [] }) as unknown as Snapshot,
  )
  const last = (): Extract<FeedMessage, { seq: number }> => sent.at(-1) as Extract<FeedMessage, { seq: number }>
  return { feed, sent, last, ack: () => feed.receive({ type: 'ack', seq: last().seq }) }
}

test('a feed opens with a snapshot, and what happens later follows in order', () => {
  const { feed, sent, ack, last } = openFeed()
  feed.flush(0)
  ack()
  feed.add(event(1))
  feed.add(event(2))
  feed.flush(16)
  expect(sent.map((message) => message.type)).toEqual(['snapshot', 'batch'])
  expect(last()).toMatchObject({ seq: 2, events: [event(1), event(2)] })
})

test('nothing is sent until the last message is acknowledged; then all that waited comes at once', () => {
  const { feed, sent, ack, last } = openFeed()
  feed.flush(0)
  feed.add(event(1))
  feed.flush(16)
  feed.add(event(2))
  feed.flush(32)
  expect(sent).toHaveLength(1)
  ack()
  feed.flush(48)
  expect(last()).toMatchObject({ type: 'batch', events: [event(1), event(2)] })
})

test('a window that falls far behind is given a snapshot in place of the backlog', () => {
  const { feed, sent, ack, last } = openFeed()
  feed.flush(0)
  for (let index = 0; index < 30_000; index++) feed.add(event(index))
  ack()
  feed.flush(16)
  expect(sent.map((message) => message.type)).toEqual(['snapshot', 'snapshot'])
  ack()
  feed.add(event(1))
  feed.flush(32)
  expect(last()).toMatchObject({ type: 'batch', events: [event(1)] })
})

test('progress of what is on screen goes out with each batch, that of the rest once a second', () => {
  const { feed, ack, last } = openFeed()
  feed.flush(0)
  ack()
  feed.receive({ type: 'look', exchangeIds: [1 as ExchangeId] })
  feed.flush(1000)
  feed.touched(exchange(1))
  feed.touched(exchange(2))
  feed.flush(1016)
  expect(last()).toMatchObject({ events: [{ id: 1 }, { id: 2 }] })
  ack()
  feed.touched(exchange(1))
  feed.touched(exchange(2))
  feed.flush(1032)
  expect(last()).toMatchObject({ events: [{ id: 1 }] })
  ack()
  feed.flush(2016)
  expect(last()).toMatchObject({ events: [{ id: 2 }] })
})

test('an exchange that has ended sends no progress after its end', () => {
  const { feed, sent, ack } = openFeed()
  feed.flush(0)
  ack()
  feed.touched(exchange(1, false))
  feed.flush(5000)
  expect(sent).toHaveLength(1)
})
