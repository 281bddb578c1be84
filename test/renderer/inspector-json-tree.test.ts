import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldedAll, foldedAtFirst, jsonRows, pieces } from '../../renderer/inspector/json-rows.ts'
import { copiedValue, deepestLevel, pathOf, scanJson, valueText, type JsonTree } from '../../renderer/inspector/json-tree.ts'
import { eventData } from '../../renderer/inspector/row-text.ts'
import { treeMove } from '../../renderer/inspector/tree-keys.ts'

const none: ReadonlySet<number> = new Set()

function scan(text: string): JsonTree {
  const tree = scanJson(text)
  if (!tree) throw new Error(`not a tree: ${text}`)
  return tree
}

describe('a tree of JSON', () => {
  test('changes no literal: long numbers, repeated names and escapes stay as sent', () => {
    const tree = scan(' {"n":12345678901234567890, "n":1.0,"s":"\\u0041 {,}" , "t":[true,null,-1.5e3]}')
    expect(tree.nodes.map((node) => [pathOf(tree, tree.nodes.indexOf(node)), node.kind, valueText(tree, node)])).toEqual([
      ['$', 'object', '{"n":12345678901234567890, "n":1.0,"s":"\\u0041 {,}" , "t":[true,null,-1.5e3]}'],
      ['$.n', 'number', '12345678901234567890'],
      ['$.n', 'number', '1.0'],
      ['$.s', 'string', '"\\u0041 {,}"'],
      ['$.t', 'array', '[true,null,-1.5e3]'],
      ['$.t[0]', 'word', 'true'],
      ['$.t[1]', 'word', 'null'],
      ['$.t[2]', 'number', '-1.5e3'],
    ])
  })

  test.each(['', 'x', '7', '"text"', '{', '{"a":1', '[1,]', '{"a":1}{"b":2}', '[1] done'])('is not made of %j', (text) => {
    expect(scanJson(text)).toBeNull()
  })

  test('has every value of any JSON, where its path says', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), (value) => {
        const tree = scan(JSON.stringify(value, null, 1))
        expect(tree.nodes).toHaveLength(countOf(value))
        for (const node of tree.nodes) {
          expect(() => JSON.parse(valueText(tree, node)) as unknown).not.toThrow()
          expect(tree.nodes.slice(tree.nodes.indexOf(node) + 1, node.end).filter(({ parent }) => tree.nodes[parent] === node)).toHaveLength(
            node.size,
          )
        }
      }),
    )
  })

  test('names what a path could be read wrong by', () => {
    const tree = scan(`{"a b":{"it's":1,"":2,"grün-1":3,"a.b":4}}`)
    expect(tree.nodes.map((_, index) => pathOf(tree, index))).toEqual([
      '$',
      "$['a b']",
      "$['a b']['it\\'s']",
      "$['a b']['']",
      "$['a b'].grün-1",
      "$['a b']['a.b']",
    ])
  })

  test('gives a string without its quotes, and everything else as it was written', () => {
    const tree = scan('{"s":"a\\n\\"b\\"","n":1.50,"o":{ "x" : 1 }}')
    expect(tree.nodes.slice(1, 4).map((node) => copiedValue(tree, node))).toEqual(['a\n"b"', '1.50', '{ "x" : 1 }'])
  })

  test('ends at a depth, and keeps what lies deeper as one text', () => {
    const deep = 100_000
    const tree = scan(`{"a":1,"d":${'['.repeat(deep)}7${']'.repeat(deep)},"z":2}`)
    expect(tree.nodes).toHaveLength(deepestLevel + 3)
    const last = tree.nodes.at(-2)
    expect(last?.kind).toBe('deep')
    expect(last && valueText(tree, last)).toBe(`${'['.repeat(deep - deepestLevel + 1)}7${']'.repeat(deep - deepestLevel + 1)}`)
    expect(pathOf(tree, tree.nodes.length - 1)).toBe('$.z')
  })
})

describe('the rows of a tree', () => {
  const tree = scan(`{"a":{"b":[1,2]},"long":"${'x'.repeat(250)}","c":3}`)

  test('are those that are not folded away', () => {
    expect(jsonRows(tree, new Set([1, 5]), 100).map(({ node }) => node)).toEqual([0, 1, 5, 6])
    expect(jsonRows(tree, foldedAtFirst(tree), 100).map(({ node }) => node)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(jsonRows(tree, foldedAll(tree), 100).map(({ node }) => node)).toEqual([0, 1, 5, 6])
  })

  test('hold the pieces of a long string that is shown in full', () => {
    const rows = jsonRows(tree, none, 100)
    expect(rows.filter(({ piece }) => piece !== null).map(({ piece }) => piece?.length)).toEqual([100, 100, 50])
  })

  test('cut text at its lines and its width, never within a character', () => {
    expect(pieces('ab\ncdefg\r\n🌊🌊🌊', 4)).toEqual(['ab', 'cdef', 'g', '🌊🌊', '🌊'])
    expect(pieces('水水水', 4)).toEqual(['水水', '水'])
    expect(pieces('', 4)).toEqual([''])
  })

  test('of a large tree are its first levels at first', () => {
    const large = scan(JSON.stringify({ list: Array.from({ length: 2000 }, (_, id) => ({ id, tags: ['x'] })) }))
    expect(jsonRows(large, foldedAtFirst(large), 100)).toHaveLength(2002)
  })
})

describe('keys in a tree', () => {
  const tree = scan(`{"a":{"b":[1,2]},"c":3}`)
  const press = (key: string, node: number, folded: ReadonlySet<number> = none) => {
    const rows = jsonRows(tree, folded, 100)
    const at = rows.findIndex((row) => row.node === node)
    return treeMove({ key, ctrlKey: false, metaKey: false, altKey: false }, { tree, rows, at, folded, pageRows: 3 })
  }

  test.each([
    ['ArrowDown', 1, { type: 'go', at: 2 }],
    ['ArrowUp', 1, { type: 'go', at: 0 }],
    ['End', 1, { type: 'go', at: 5 }],
    ['Home', 5, { type: 'go', at: 0 }],
    ['PageDown', 0, { type: 'go', at: 3 }],
    ['ArrowRight', 1, { type: 'go', at: 2 }],
    ['ArrowRight', 5, { type: 'go', at: 5 }],
    ['ArrowLeft', 1, { type: 'fold', node: 1, isFolded: true }],
    ['ArrowLeft', 3, { type: 'go', at: 2 }],
    ['ArrowLeft', 5, { type: 'go', at: 0 }],
    ['Enter', 2, { type: 'fold', node: 2, isFolded: true }],
    [' ', 2, { type: 'fold', node: 2, isFolded: true }],
    ['*', 0, { type: 'unfold-all' }],
    ['Escape', 0, null],
    ['x', 0, null],
  ])('%s at value %i', (key, node, move) => expect(press(key, node)).toEqual(move))

  test('right unfolds what is folded', () => {
    expect(press('ArrowRight', 1, new Set([1]))).toEqual({ type: 'fold', node: 1, isFolded: false })
    expect(press('ArrowLeft', 1, new Set([1]))).toEqual({ type: 'go', at: 0 })
  })
})

test('the data of an event is its data lines, whatever ends them', () => {
  expect(eventData(': c\r\nid: 1\rdata:  a\ndata\ndata:b\ndatax: no\n\n')).toBe(' a\n\nb')
  expect(eventData(': only a comment\n\n')).toBe('')
})

function countOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1
  return Object.values(value).reduce<number>((total, entry) => total + countOf(entry), 1)
}
