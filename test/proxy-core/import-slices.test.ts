// A file that is read must not make streams wait: a stream of very many events in one entry is taken in a little at a time.
import { expect, onTestFinished, test } from 'vitest'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { HarEntries } from '../../proxy-core/exchange-files/har-entries.ts'
import { startGateway } from '../support/gateway.ts'

const events = 40_000

const har = Buffer.from(
  JSON.stringify({
    log: {
      version: '1.2',
      entries: [
        {
          startedDateTime: '2026-01-02T03:00:00.000Z',
          time: 5000,
          request: { method: 'GET', url: 'http://localhost/events', httpVersion: 'HTTP/1.1', headers: [] },
          response: { status: 200, headers: [], content: { mimeType: 'text/event-stream' } },
          _eventSourceMessages: Array.from({ length: events }, (_, index) => ({
            time: 1_767_322_800 + index / 1000,
            eventName: 'message',
            eventId: String(index),
            data: `{"text":"[}] \\"${'x'.repeat(60)}"}`,
          })),
        },
      ],
    },
  }),
)

test('timers go off many times while one piece of a file is read, and all of it arrives', async () => {
  const gateway = await startGateway()
  onTestFinished(() => gateway.close())
  const { importId } = await gateway.command('import.start')
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  onTestFinished(() => clearInterval(timer))
  const piece = har.subarray(0, 1_048_576)
  await gateway.command('import.write', { importId, bytes: piece })
  // A piece that is read in one go lets nobody in between.
  expect(turns).toBeGreaterThan(1)
  for (let at = piece.length; at < har.length; at += 1_048_576) {
    await gateway.command('import.write', { importId, bytes: har.subarray(at, at + 1_048_576) })
  }
  const { ids } = await gateway.command('import.finish', { importId })
  const { rows, total } = await gateway.command('exchange.rows', { id: ids[0] as ExchangeId, from: events - 1, to: events })
  expect(total).toBe(events)
  expect(rows[0]).toMatchObject({ eventId: String(events - 1), arrivedAt: 1_767_322_800_000 + events - 1 })
})

test('pieces that are handed over without waiting are read in their order', async () => {
  const gateway = await startGateway()
  onTestFinished(() => gateway.close())
  const { importId } = await gateway.command('import.start')
  const writes: Promise<void>[] = []
  for (let at = 0; at < har.length; at += 300_000) {
    writes.push(gateway.command('import.write', { importId, bytes: har.subarray(at, at + 300_000) }))
  }
  const finished = gateway.command('import.finish', { importId })
  await Promise.all(writes)
  const { ids } = await finished
  expect((await gateway.command('exchange.rows', { id: ids[0] as ExchangeId, from: 0, to: 1 })).total).toBe(events)
})

test.each([1, 2, 3, 7, 1000])('the objects of long lists are cut out of an entry in pieces of %i bytes', (pieceBytes) => {
  const cut: string[] = []
  const reader = new HarEntries({
    lists: ['long'],
    item: (list, json) => cut.push(`${list} ${json}`),
    entry: (json) => cut.push(json),
  })
  const file = Buffer.from(
    '{"log":{"x":[{"long":[1]}],"entries":[{"a":"long","long":[{"b":"]}\\"","long":[{"c":1}]}, 5, {"d":{}}],"e":{"long":[{"f":2}]}},{"long":[]},{"long":null}]}}',
  )
  for (let at = 0; at < file.length; at += pieceBytes) reader.feed(file.subarray(at, at + pieceBytes))
  expect(cut).toEqual([
    'long {"b":"]}\\"","long":[{"c":1}]}',
    'long {"d":{}}',
    '{"a":"long","long":[],"e":{"long":[{"f":2}]}}',
    '{"long":[]}',
    '{"long":null}',
  ])
  expect(reader.isComplete).toBe(true)
})
