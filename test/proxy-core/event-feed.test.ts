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

test('progress of what is followed goes out with each batch, that of what is listed now and then, that of the rest once a second', () => {
  const { feed, ack, last } = openFeed()
  const all = [1, 2, 3].map((id) => exchange(id))
  const touchAll = () => all.forEach((each) => feed.touched(each))
  feed.flush(0)
  ack()
  feed.receive({ type: 'look', exchangeIds: [1, 2] as ExchangeId[], followedIds: [1] as ExchangeId[] })
  touchAll()
  feed.flush(1000)
  expect(last()).toMatchObject({ events: [{ id: 1 }, { id: 2 }, { id: 3 }] })
  ack()
  touchAll()
  feed.flush(1016)
  expect(last()).toMatchObject({ events: [{ id: 1 }] })
  ack()
  touchAll()
  feed.flush(1100)
  expect(last()).toMatchObject({ events: [{ id: 1 }, { id: 2 }] })
  ack()
  feed.flush(2000)
  expect(last()).toMatchObject({ events: [{ id: 3 }] })
})

test('what comes on screen or is followed while its progress waits is sent as soon as that', () => {
  const { feed, ack, last } = openFeed()
  const look = (...ids: number[]) => feed.receive({ type: 'look', exchangeIds: ids as ExchangeId[], followedIds: ids as ExchangeId[] })
  feed.flush(0)
  ack()
  feed.touched(exchange(1))
  feed.flush(1000)
  ack()
  feed.touched(exchange(1))
  feed.touched(exchange(2))
  look(1)
  feed.flush(1016)
  expect(last()).toMatchObject({ events: [{ id: 1 }] })
})

test('an exchange that was told of need not be told again until that was sent, and after a new start must be', () => {
  const { feed, ack } = openFeed()
  const moved = exchange(1)
  expect(feed.touched(moved)).toBeNull()
  feed.flush(0)
  ack()
  const tell = () => (moved.isTouched = feed.touched(moved) !== null)
  expect(tell()).toBe(true)
  feed.flush(1000)
  expect(moved.isTouched).toBe(false)
  tell()
  for (let index = 0; index < 30_000; index++) feed.add(event(index))
  expect(moved.isTouched).toBe(false)
})

test('a feed without progress tells what happens and no more', () => {
  const sent: FeedMessage[] = []
  const feed = new EventFeed(
    (message) => sent.push(message),
    () => ({ routes: [] }) as unknown as Snapshot,
    false,
  )
  feed.flush(0)
  feed.receive({ type: 'ack', seq: 1 })
  expect(feed.touched(exchange(1))).toBeNull()
  feed.add(event(1))
  feed.flush(5000)
  expect(sent.at(-1)).toMatchObject({ type: 'batch', events: [event(1)] })
})

test('an exchange that has ended sends no progress after its end', () => {
  const { feed, sent, ack } = openFeed()
  feed.flush(0)
  ack()
  feed.touched(exchange(1, false))
  feed.flush(5000)
  expect(sent).toHaveLength(1)
})

test('thousands that are not on screen go out some at a time, one batch right behind the other', () => {
  const { feed, ack, last } = openFeed()
  feed.flush(0)
  ack()
  for (let id = 0; id < 1200; id++) feed.touched(exchange(id))
  const sizes: number[] = []
  for (let at = 1000; feed.hasNews || sizes.length === 0; at += 16) {
    feed.flush(at)
    const message = last()
    sizes.push(message.type === 'batch' ? message.events.length : 0)
    ack()
  }
  expect(sizes).toEqual([500, 500, 200])
})
