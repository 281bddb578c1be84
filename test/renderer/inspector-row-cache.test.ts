import { describe, expect, test } from 'vitest'
import { RowCache } from '../../renderer/inspector/row-cache.ts'
import { ScriptedStream } from './support/scripted-stream.ts'

const startedAt = 1_795_000_000_000

function heldStream(): ScriptedStream {
  const stream = new ScriptedStream({ id: 1, startedAt, rowsPerSecond: 10 })
  stream.hold(startedAt + 5000)
  return stream
}

describe('the row cache', () => {
  test('asks for nothing that is there', () => {
    const stream = new ScriptedStream({ id: 1, startedAt, rowsPerSecond: 10 })
    const cache = new RowCache(1000)
    expect(cache.missing({ from: 10, to: 40 }, 60)).toEqual({ from: 10, to: 40 })
    cache.put(stream.rows({ from: 10, to: 40 }, startedAt + 60_000).rows, 60)
    expect(cache.missing({ from: 10, to: 40 }, 600)).toBeNull()
    expect(cache.missing({ from: 15, to: 44 }, 600)).toEqual({ from: 40, to: 44 })
    expect(cache.missing({ from: 4, to: 20 }, 600)).toEqual({ from: 4, to: 10 })
  })

  test('asks again for a held row only once it must have left', () => {
    const stream = heldStream()
    const cache = new RowCache(1000)
    const before = stream.rows({ from: 40, to: 60 }, startedAt + 8000)
    cache.put(before.rows, before.leftRows)
    expect(cache.get(55)?.leftAt).toBeNull()
    expect(cache.missing({ from: 40, to: 60 }, before.leftRows)).toBeNull()
    stream.release(startedAt + 8100)
    const after = stream.rows({ from: 40, to: 60 }, startedAt + 8200)
    expect(cache.missing({ from: 40, to: 60 }, after.leftRows)).toEqual({ from: 50, to: 60 })
    cache.put(after.rows, after.leftRows)
    expect(cache.missing({ from: 40, to: 60 }, after.leftRows)).toBeNull()
    expect(cache.get(55)?.leftAt).toBe(startedAt + 8100)
  })

  test('never asks again for rows that did not leave before the end', () => {
    const stream = heldStream()
    const cache = new RowCache(1000)
    stream.end(startedAt + 7000, 'aborted')
    const { rows, leftRows } = stream.rows({ from: 45, to: 70 }, startedAt + 9000)
    cache.put(rows, leftRows)
    expect(rows.at(-1)?.leftAt).toBeNull()
    expect(cache.missing({ from: 45, to: 70 }, leftRows)).toBeNull()
  })

  test('asks again for a message that had not left whenever another one has: they leave in two orders', () => {
    const stream = heldStream()
    const cache = new RowCache(1000)
    const message = {
      direction: 'toClient',
      opcode: 'text',
      frames: 1,
      wireBytes: 7,
      isCompressed: false,
      issue: null,
      closeCode: null,
    } as const
    const rows = stream.rows({ from: 45, to: 55 }, startedAt + 8000).rows.map((row) => ({ ...row, message }))
    cache.put(rows, 50)
    expect(cache.missing({ from: 45, to: 55 }, 50)).toBeNull()
    expect(cache.missing({ from: 45, to: 55 }, 51)).toEqual({ from: 50, to: 55 })
    cache.put(rows.slice(5), 51)
    expect(cache.missing({ from: 45, to: 55 }, 51)).toBeNull()
  })

  test('holds no more than its capacity, and forgets what was fetched longest ago', () => {
    const stream = new ScriptedStream({ id: 1, startedAt, rowsPerSecond: 1000 })
    const cache = new RowCache(100)
    for (let from = 0; from < 1000; from += 60) cache.put(stream.rows({ from, to: from + 60 }, startedAt + 60_000).rows, 1000)
    expect(cache.size).toBe(100)
    expect(cache.get(0)).toBeUndefined()
    expect(cache.get(1019)?.index).toBe(1019)
  })
})
