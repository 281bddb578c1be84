// Issue 4, item 9: forgetting rewrites a file that may be large; what ends meanwhile is on disk all the same, before that is done.
import { expect, onTestFinished, test } from 'vitest'
import type { HistoryKey } from '../../proxy-core/contract/history.ts'
import { HistoryKeeper } from '../../proxy-core/history/history-keeper.ts'
import type { HistoryReport, HistoryRequest } from '../../proxy-core/history/history-messages.ts'
import { storeBody } from '../../proxy-core/history/stored-body.ts'
import { CaptureBudget } from '../../proxy-core/capture.ts'
import { noHeads } from '../../proxy-core/exchange-record.ts'
import { LiveExchange } from '../../proxy-core/live-exchange.ts'
import { Tap } from '../../proxy-core/tap.ts'
import { Condition } from '../support/condition.ts'
import { openTempFolder } from '../support/temp.ts'

async function startKeeper() {
  const folder = await openTempFolder()
  onTestFinished(() => folder.close())
  const told = new Condition()
  const reports: HistoryReport[] = []
  const limits = { maxBytes: 1e9, maxAgeMs: Number.POSITIVE_INFINITY }
  const keeper = new HistoryKeeper({ folder: folder.path, limits }, (report) => {
    reports.push(report)
    told.changed()
  })
  const report = (fits: (report: HistoryReport) => boolean) =>
    told.until(
      () => reports.find(fits),
      () => JSON.stringify(reports.slice(-3)),
    )
  onTestFinished(async () => {
    keeper.take({ type: 'close', ask: 99 })
    await report((each) => each.type === 'answer' && each.ask === 99)
  })
  await report(({ type }) => type === 'opened')
  return { keeper, reports, report }
}

async function saving(number: number): Promise<HistoryRequest> {
  const start = { method: 'GET', target: `/${number}`, host: 'localhost', httpVersion: '1.1', client: '127.0.0.1' }
  const journal = { emit: () => undefined, touch: () => undefined }
  const exchange = {
    ...new LiveExchange(number as never, start, { route: null, activity: null, journal }).view(),
    startedAt: number,
    endedAt: Date.now(),
  }
  const tap = new Tap('event', new CaptureBudget(1e9, 1e9))
  tap.arrived(Buffer.from(`data: ${'words '.repeat(500)}${number}\n\n`), number)
  tap.ended(true, () => undefined)
  const response = await storeBody(tap.packed(true))
  return {
    type: 'save',
    stored: { key: number as HistoryKey, exchange, heads: noHeads },
    bodies: { request: null, response, messages: null },
  }
}

test('what is saved while others are being forgotten is made last before that is done', async () => {
  const { keeper, reports, report } = await startKeeper()
  for (let number = 1; number <= 20; number++) keeper.take(await saving(number))
  await report((each) => each.type === 'saved' && each.keys.includes(20 as HistoryKey))

  keeper.take({ type: 'forget', ask: 1, keys: [3, 4, 5] as HistoryKey[] })
  keeper.take(await saving(21))
  await report((each) => each.type === 'answer' && each.ask === 1)
  const place = (fits: (report: HistoryReport) => boolean) => reports.findIndex(fits)
  const saved = place((each) => each.type === 'saved' && each.keys.includes(21 as HistoryKey))
  expect(saved).toBeGreaterThan(0)
  expect(saved).toBeLessThan(place((each) => each.type === 'answer' && each.ask === 1))
})
