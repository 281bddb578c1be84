import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EdgeHistory } from '../../renderer/exchanges/edge-history.ts'
import { listMove, rowAfterMove } from '../../renderer/exchanges/list-keys.ts'
import {
  contentPx,
  lastTopPx,
  placeAt,
  rowsInView,
  scrollScale,
  tallestContentPx,
  topPxOf,
  topPxToReveal,
} from '../../renderer/exchanges/row-range.ts'
import { fitColumns, sparePx, type Column } from '../../renderer/exchanges/table-columns.ts'

describe('the rows on screen', () => {
  const geometry = { count: 1000, rowPx: 24, heightPx: 240 }

  test('are those that touch the screen, and the overscan on both sides', () => {
    expect(rowsInView(geometry, 0, 0)).toEqual({ from: 0, to: 10 })
    expect(rowsInView(geometry, 12, 0)).toEqual({ from: 0, to: 11 })
    expect(rowsInView(geometry, 2400, 4)).toEqual({ from: 96, to: 114 })
    expect(rowsInView(geometry, lastTopPx(geometry), 4)).toEqual({ from: 986, to: 1000 })
    expect(rowsInView({ ...geometry, count: 3 }, 0, 4)).toEqual({ from: 0, to: 3 })
    expect(rowsInView({ ...geometry, count: 0 }, 0, 4)).toEqual({ from: 0, to: 0 })
  })

  test('stay within the rows and cover the screen, wherever it is scrolled', () => {
    fc.assert(
      fc.property(
        fc.nat(5_000_000),
        fc.integer({ min: 16, max: 64 }),
        fc.integer({ min: 1, max: 3000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (count, rowPx, heightPx, at) => {
          const shape = { count, rowPx, heightPx }
          const top = lastTopPx(shape) * at
          const { from, to } = rowsInView(shape, top, 3)
          expect(from).toBeGreaterThanOrEqual(0)
          expect(to).toBeLessThanOrEqual(count)
          if (count > 0) {
            expect(from * rowPx).toBeLessThanOrEqual(top)
            expect(to * rowPx).toBeGreaterThanOrEqual(Math.min(top + heightPx, count * rowPx) - 0.001)
          }
        },
      ),
    )
  })

  test('a list taller than the browser can lay out scrolls by a scale, from its first row to its last', () => {
    const tall = { count: 3_000_000, rowPx: 24, heightPx: 500 }
    expect(contentPx(tall)).toBe(tallestContentPx)
    expect((tallestContentPx - 500) * scrollScale(tall)).toBeCloseTo(lastTopPx(tall), 3)
    expect(scrollScale(geometry)).toBe(1)
  })

  test('the reading place stays with its row when rows come and go before it', () => {
    const keys = Array.from({ length: 1000 }, (_, index) => index + 5000)
    const place = placeAt(geometry, 2410, (index) => keys[index] ?? 0)
    expect(place).toEqual({ key: 5100, pastPx: 10 })
    if (!place) return
    expect(topPxOf(geometry, place, (key) => key - 5040)).toBe(60 * 24 + 10)
    expect(topPxOf(geometry, place, (key) => key - 5000 + 7)).toBe(107 * 24 + 10)
    expect(topPxOf({ ...geometry, count: 5 }, place, () => 4)).toBe(0)
    expect(placeAt({ ...geometry, count: 0 }, 0, () => 0)).toBeNull()
  })

  test('a row is scrolled into view by no more than is needed', () => {
    expect(topPxToReveal(geometry, 2400, 101)).toBe(2400)
    expect(topPxToReveal(geometry, 2400, 90)).toBe(2160)
    expect(topPxToReveal(geometry, 2400, 110)).toBe(2424)
  })
})

test('the end of a growing list is known as it was a moment ago, and that of a quiet one as it is', () => {
  const history = new EdgeHistory(250)
  expect(history.before(1000)).toBe(0)
  history.note(400, 1000)
  expect(history.before(1010)).toBe(400)
  for (let at = 1050; at <= 2000; at += 50) history.note(at, at)
  expect(history.before(2000)).toBe(1750)
  expect(history.before(2100)).toBe(1850)
  expect(history.before(9000)).toBe(2000)
})

describe('keys in a list', () => {
  const key = (name: string, more = {}) => listMove({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...more })

  test('move as people of several editors expect', () => {
    expect(['j', 'k', 'ArrowDown', 'ArrowUp', 'Home', 'End', 'Enter', 'Escape', 'x'].map((name) => key(name))).toEqual([
      'next',
      'previous',
      'next',
      'previous',
      'first',
      'last',
      'open',
      'close',
      null,
    ])
    expect(key('j', { ctrlKey: true })).toBeNull()
    expect(key('toString')).toBeNull()
  })

  test('stop at both ends and begin somewhere sensible', () => {
    const list = { count: 10, pageRows: 4 }
    expect(rowAfterMove('next', null, list)).toBe(0)
    expect(rowAfterMove('previous', null, list)).toBe(9)
    expect(rowAfterMove('next', 9, list)).toBe(9)
    expect(rowAfterMove('previous', 0, list)).toBe(0)
    expect(rowAfterMove('page-down', 8, list)).toBe(9)
    expect(rowAfterMove('page-up', 2, list)).toBe(0)
    expect(rowAfterMove('next', 40, list)).toBe(9)
    expect(rowAfterMove('next', null, { count: 0, pageRows: 4 })).toBeNull()
  })
})

describe('columns', () => {
  const columns: readonly Column[] = [
    { id: 'path', title: 'Path', widthPx: 100, grows: true },
    { id: 'events', title: 'Events', widthPx: 60, rank: 2 },
    { id: 'bytes', title: 'Bytes', widthPx: 60, rank: 1 },
  ]
  const shown = (width: number, hidden: readonly string[] = []) => fitColumns(columns, width, { hidden }).columns.map(({ id }) => id)

  test('the least useful go first where there is no room, and one always stays', () => {
    expect(shown(400)).toEqual(['path', 'events', 'bytes'])
    expect(shown(260)).toEqual(['path', 'events'])
    expect(shown(150)).toEqual(['path'])
    expect(shown(20)).toEqual(['path'])
  })

  test('a hidden column leaves its room to the others', () => {
    expect(shown(260, ['events'])).toEqual(['path', 'bytes'])
    expect(fitColumns(columns, 260, { hidden: ['events'] }).template).toBe('minmax(0, 1fr) 3.75rem')
  })

  test('a width that was chosen counts, and as little as nothing where even the last columns have no room', () => {
    const widthsPx = { bytes: 90, path: 400 }
    expect(fitColumns(columns, 400, { widthsPx }).template).toBe('minmax(0, 1fr) 3.75rem 5.625rem')
    const fixed: readonly Column[] = [
      { id: 'index', title: '#', widthPx: 50 },
      { id: 'path', title: 'Path', widthPx: 100, grows: true },
    ]
    expect(fitColumns(fixed, 300, { widthsPx: { index: 100 } }).template).toBe('6.25rem minmax(0, 1fr)')
    expect(fitColumns(fixed, 200, { widthsPx: { index: 100 } }).template).toBe('3.125rem minmax(0, 1fr)')
  })

  test('with room to spare other columns become wider too, up to their widest, unless their width was chosen', () => {
    const wide: readonly Column[] = [
      { id: 'path', title: 'Path', widthPx: 100, grows: true },
      { id: 'route', title: 'Route', widthPx: 80, widestPx: 160 },
      { id: 'type', title: 'Type', widthPx: 60, widestPx: 100 },
    ]
    const widths = (width: number, widthsPx = {}) =>
      fitColumns(wide, width, { widthsPx })
        .columns.slice(1)
        .map(({ widthPx }) => widthPx)
    // All need 304; the path has plenty from 684 on.
    expect(widths(684)).toEqual([80, 60])
    expect(widths(744)).toEqual([120, 80])
    expect(widths(2000)).toEqual([160, 100])
    expect(widths(2000, { route: 90 })).toEqual([90, 100])
    expect(fitColumns(wide, 2000).template).toBe('minmax(0, 1fr) 10rem 6.25rem')
  })

  test('the column that grows can’t be hidden', () => {
    expect(shown(400, ['path', 'bytes'])).toEqual(['path', 'events'])
  })

  test('a column may become as much wider as the growing one can spare', () => {
    const { columns: shownNow } = fitColumns(columns, 400)
    const widest = 60 + sparePx(shownNow, 400)
    expect(fitColumns(columns, 400, { widthsPx: { bytes: widest } }).columns).toHaveLength(3)
    expect(fitColumns(columns, 400, { widthsPx: { bytes: widest + 1 } }).columns).toHaveLength(2)
  })
})

test.each([1_000_000, 3_000_000])('of %i rows the first, the last and one in the middle can be scrolled to', (count) => {
  const geometry = { count, rowPx: 24, heightPx: 400 }
  const lastScrollPx = contentPx(geometry) - geometry.heightPx
  expect(contentPx(geometry)).toBeLessThan(33_554_428)
  expect(lastScrollPx * scrollScale(geometry)).toBeCloseTo(lastTopPx(geometry), 3)
  expect(rowsInView(geometry, lastScrollPx * scrollScale(geometry), 0).to).toBe(count)
  expect(rowsInView(geometry, 0, 0)).toEqual({ from: 0, to: 17 })
  const middle = topPxToReveal(geometry, 0, count / 2)
  expect(rowsInView(geometry, middle, 0).to - 1).toBe(count / 2)
})
