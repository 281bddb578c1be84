import { EventEmitter, once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { GatewayLink, type GatewayLinkOptions } from '../../electron/gateway-link.ts'
import type { FeedMessage } from '../../proxy-core/contract/events.ts'

const threadFile = new URL('support/scripted-thread.ts', import.meta.url)
const links: GatewayLink[] = []

afterEach(async () => {
  await Promise.all(links.splice(0).map((link) => link.close({ drainMs: 0 })))
})

test('a command is answered by the thread, typed arrays included', async () => {
  const link = openLink()
  const points = Float64Array.of(1.5, Number.NaN, 3)
  expect(await link.command('echo', { points })).toEqual({ ok: true, value: { points } })
  expect(await link.openExchanges()).toBe(3)
})

test('a feed carries messages to the window and its requests back', async () => {
  const link = openLink()
  const feed = openFeed(link)
  expect(await feed.next()).toMatchObject({ type: 'snapshot', seq: 1 })
  feed.receive({ type: 'ack', seq: 1 })
  expect(await link.command('lastAckedSeq', undefined)).toEqual({ ok: true, value: 1 })
})

test('a feed that the window closed is closed in the thread', async () => {
  const link = openLink()
  const feed = openFeed(link)
  await feed.next()
  feed.close()
  expect(await link.command('openFeeds', undefined)).toEqual({ ok: true, value: 0 })
})

test('a thread that crashes is started again; each open feed is told and gets a fresh snapshot', async () => {
  const link = openLink()
  const feed = openFeed(link)
  const before = await feed.next()
  void link.command('throw', undefined)
  expect(await feed.next()).toMatchObject({ type: 'down', error: { code: 'gateway-down' } })
  const after = await feed.next()
  expect(after).toMatchObject({ type: 'snapshot', seq: 1 })
  expect(after).not.toEqual(before)
  expect(await link.command('echo', 'back')).toEqual({ ok: true, value: 'back' })
})

test('a command that was under way when the thread crashed is refused, and so are those until it is back', async () => {
  const reports = new EventEmitter()
  const link = openLink({ restartDelaysMs: [50], onDown: (reason) => reports.emit('down', reason) })
  const underWay = link.command('never', undefined)
  const [reasons] = await Promise.all([once(reports, 'down'), link.command('throw', undefined)])
  expect(reasons[0]).toContain('thrown on purpose')
  expect(await underWay).toMatchObject({ ok: false, error: { code: 'gateway-down' } })
  expect(await link.command('echo', 1)).toMatchObject({ ok: false, error: { code: 'gateway-down' } })
  expect(await link.openExchanges()).toBe(0)
})

test('a feed that is opened while there is no thread is told so, then gets its snapshot', async () => {
  const reports = new EventEmitter()
  const link = openLink({ restartDelaysMs: [50], onDown: () => reports.emit('down') })
  await Promise.all([once(reports, 'down'), link.command('throw', undefined)])
  const feed = openFeed(link)
  expect(await feed.next()).toMatchObject({ type: 'down' })
  expect(await feed.next()).toMatchObject({ type: 'snapshot' })
})

test('a thread that fails again and again is started after longer and longer pauses', async () => {
  const reports = new EventEmitter()
  const link = openLink({ threadData: 'fail at start', restartDelaysMs: [0, 1000], onDown: () => reports.emit('down') })
  await once(reports, 'down')
  const firstAt = performance.now()
  await once(reports, 'down')
  const secondAt = performance.now()
  await once(reports, 'down')
  expect(performance.now() - secondAt).toBeGreaterThanOrEqual(999)
  expect(secondAt - firstAt).toBeLessThan(performance.now() - secondAt)
  await link.close({ drainMs: 0 })
})

test('a thread that answers nothing any more keeps nobody from quitting', async () => {
  const link = openLink()
  void link.command('block', undefined)
  expect(await link.openExchanges()).toBe(0)
  await link.close({ drainMs: 0 })
})

test('closing ends a thread that does not end by itself', async () => {
  const link = openLink({ threadData: 'hang at close' })
  await link.command('thread', undefined)
  const startedAt = performance.now()
  await link.close({ drainMs: 100 })
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1099)
})

function openLink(options: Partial<GatewayLinkOptions> = {}): GatewayLink {
  const link = new GatewayLink({ threadFile, threadData: null, restartDelaysMs: [10], ...options })
  links.push(link)
  return link
}

/** A feed whose messages are read one after the other. */
function openFeed(link: GatewayLink) {
  const arrived: FeedMessage[] = []
  const arrival = new EventEmitter()
  const feed = link.openFeed((message) => {
    arrived.push(message)
    arrival.emit('message')
  })
  return {
    ...feed,
    async next(): Promise<FeedMessage> {
      for (;;) {
        const message = arrived.shift()
        if (message) return message
        await once(arrival, 'message')
      }
    },
  }
}
