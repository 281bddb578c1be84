// A pinned exchange is neither forgotten for want of room nor cleared; pins are bounded.
import { expect, onTestFinished, test } from 'vitest'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

const mebibyte = 1_048_576

async function start() {
  const upstream = await startUpstream((exchange) => exchange.answer('x'.repeat(3 * mebibyte)))
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ capture: { budgetMiB: 16 }, routes: [routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  const call = async (id: number): Promise<ExchangeId> => {
    await (await fetch(gateway.url)).text()
    return (await feed.exchange((exchange) => exchange.id === id && exchange.state === 'complete')).id
  }
  const keptFrom = async (id: ExchangeId) => (await gateway.command('exchange.body', { id, side: 'response', from: 0, to: 1 })).first
  return { gateway, feed, call, keptFrom }
}

test('a pinned exchange keeps its body when newer ones fill the budget, and outlives a clear', async () => {
  const { gateway, feed, call, keptFrom } = await start()
  const [first, pinned] = [await call(1), await call(2)]
  await gateway.command('exchange.pin', { id: pinned, isPinned: true })
  await feed.exchange((exchange) => exchange.id === pinned && exchange.isPinned)
  for (let id = 3; id <= 9; id++) await call(id)
  expect(await keptFrom(first)).toBeGreaterThan(0)
  expect(await keptFrom(pinned)).toBe(0)

  await gateway.command('exchanges.clear', {})
  await feed.until((view) => view.exchanges.size === 1)
  expect(feed.exchanges[0]?.id).toBe(pinned)
  await gateway.command('exchange.pin', { id: pinned, isPinned: false })
  await gateway.command('exchanges.clear', {})
  await feed.until((view) => view.exchanges.size === 0)
})

test('a pin is refused when pins would take more than three quarters of the budget, and a larger budget takes it', async () => {
  const { gateway, call } = await start()
  for (let id = 1; id <= 3; id++) await gateway.command('exchange.pin', { id: await call(id), isPinned: true })
  const fourth = await call(4)
  await expect(gateway.command('exchange.pin', { id: fourth, isPinned: true })).rejects.toMatchObject({ code: 'pins-full' })
  await gateway.command('capture.budget', { budgetMiB: 64 })
  await gateway.command('exchange.pin', { id: fourth, isPinned: true })
})
