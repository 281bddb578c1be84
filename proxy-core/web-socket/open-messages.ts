import type { CaptureBudget } from '../capture.ts'
import type { Direction } from '../contract/messages.ts'
import { chunksIn } from '../packed-bytes.ts'
import { MessageLog } from './message-log.ts'
import type { MessagesRecord } from './message-record.ts'

/** How long a record is taken in in one go, so that the gateway's loop never waits for it. */
const sliceMs = 4

/** A log that shows what a record holds, with the row numbers and the clocks that the live one had. It counts in the budget. */
export async function openMessages(
  record: MessagesRecord,
  budget: CaptureBudget,
  owner: { readonly isPinned: boolean },
): Promise<MessageLog> {
  const { toUpstream, toClient, firstRow, inflated } = record
  const wires = { toUpstream: toUpstream.from, toClient: toClient.from }
  const log = new MessageLog(budget, { deflate: null, owner, start: { firstRow, wires, inflated: inflated.from } })
  log.restoreRows(record)
  let sliceEnd = performance.now() + sliceMs
  const chunks = { toUpstream: [...chunksIn(toUpstream.bytes, toUpstream.from)], toClient: [...chunksIn(toClient.bytes, toClient.from)] }
  for (const { direction, index } of byArrival(record)) {
    log.restored(direction, chunks[direction][index] ?? 0, record[direction].arrivedAt[index] ?? Number.NaN)
    if (performance.now() <= sliceEnd) continue
    await new Promise((resolve) => setImmediate(resolve))
    sliceEnd = performance.now() + sliceMs
  }
  for (const direction of directions) {
    let leftBytes = 0
    for (const [index, end] of record[direction].leftEnds.entries()) {
      log.left(direction, end - leftBytes, record[direction].leftAt[index] ?? Number.NaN)
      leftBytes = end
    }
  }
  return log
}

const directions = ['toUpstream', 'toClient'] as const

/** The chunks of both directions in the order in which they came. */
function* byArrival({ toUpstream, toClient }: MessagesRecord): Generator<{ direction: Direction; index: number }> {
  let up = 0
  let down = 0
  while (up < toUpstream.arrivedAt.length || down < toClient.arrivedAt.length) {
    const isUp = (toUpstream.arrivedAt[up] ?? Number.POSITIVE_INFINITY) <= (toClient.arrivedAt[down] ?? Number.POSITIVE_INFINITY)
    if (isUp) yield { direction: 'toUpstream', index: up++ }
    else yield { direction: 'toClient', index: down++ }
  }
}
