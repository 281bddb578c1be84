// Markdown as blocks and runs: what a model writes is laid out, and whatever is not Markdown stays the text that it is.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { markdownBlocks, type MarkdownBlock } from '../../renderer/inspector/markdown-blocks.ts'
import { markdownRuns, type MarkdownRun } from '../../renderer/inspector/markdown-inline.ts'

const paragraph = (text: string): MarkdownBlock => ({ kind: 'paragraph', text })

describe('blocks', () => {
  test.each<[string, string, readonly MarkdownBlock[]]>([
    ['paragraphs', 'one\nline two\n\nthree', [paragraph('one\nline two'), paragraph('three')]],
    [
      'headings',
      '# A #\n### B\n#no',
      [{ kind: 'heading', level: 1, text: 'A' }, { kind: 'heading', level: 3, text: 'B' }, paragraph('#no')],
    ],
    ['a fence', '```ts\n# a\n\n* b\n```\nafter', [{ kind: 'code', language: 'ts', text: '# a\n\n* b' }, paragraph('after')]],
    ['a fence that is still open', 'x\n~~~\na\n``', [paragraph('x'), { kind: 'code', language: '', text: 'a\n``' }]],
    ['a quote', '> a\n> > b\nc', [{ kind: 'quote', text: 'a\n> b' }, paragraph('c')]],
    ['a list with one inside', '- a\n  - b\n- c', [{ kind: 'list', start: null, items: ['a\n- b', 'c'] }]],
    [
      'a numbered list with loose items',
      '3. a\n\n   more\n4. b\n\nend',
      [{ kind: 'list', start: 3, items: ['a\n\nmore', 'b'] }, paragraph('end')],
    ],
    ['a rule, not a list', 'a\n\n---\n* * *', [paragraph('a'), { kind: 'rule' }, { kind: 'rule' }]],
    ['a table', 'a | b\n--|:-:\n1 | 2 \\| 3\n4', [{ kind: 'table', head: ['a', 'b'], rows: [['1', '2 | 3']] }, paragraph('4')]],
    ['HTML', '<script>x</script>\n<b>', [paragraph('<script>x</script>\n<b>')]],
  ])('%s', (_, text, blocks) => {
    expect(markdownBlocks(text)).toEqual(blocks)
  })

  test('all but the last stay the same while a text grows', () => {
    const text = '# H\n\npara *one*\n\n- a\n- b\n\n```js\ncode\n```\n\nlast'
    const whole = markdownBlocks(text)
    for (let length = 1; length < text.length; length++) {
      const kept = markdownBlocks(text.slice(0, length)).slice(0, -1)
      expect(kept).toEqual(whole.slice(0, kept.length))
    }
  })
})

describe('runs', () => {
  const text = (value: string): MarkdownRun => ({ kind: 'text', text: value })
  test.each<[string, readonly MarkdownRun[]]>([
    ['a `b * c` d', [text('a '), { kind: 'code', text: 'b * c' }, text(' d')]],
    ['``a ` b``', [{ kind: 'code', text: 'a ` b' }]],
    ['**a *b* c**', [{ kind: 'strong', runs: [text('a '), { kind: 'emphasis', runs: [text('b')] }, text(' c')] }]],
    ['***a***', [{ kind: 'strong', runs: [{ kind: 'emphasis', runs: [text('a')] }] }]],
    ['~~a~~ _b_', [{ kind: 'struck', runs: [text('a')] }, text(' '), { kind: 'emphasis', runs: [text('b')] }]],
    ['snake_case_name 2 * 3 * 4', [text('snake_case_name 2 * 3 * 4')]],
    ['**open and `open', [text('**open and `open')]],
    ['\\*a\\* \\<b>', [text('*a* <b>')]],
    ['[a](javascript:alert(1)) b', [{ kind: 'link', text: 'a', url: 'javascript:alert(1)' }, text(' b')]],
    ['![p](https://e.test/p.png "t")', [{ kind: 'link', text: 'p', url: 'https://e.test/p.png' }]],
    ['<img src=x onerror=y> [x]', [text('<img src=x onerror=y> [x]')]],
  ])('%s', (source, runs) => {
    expect(markdownRuns(source)).toEqual(runs)
  })

  test('plain characters are never lost', () => {
    const lettersOf = (runs: readonly MarkdownRun[]): string => runs.map((run) => ('runs' in run ? lettersOf(run.runs) : run.text)).join('')
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', ' ', '*', '**', '_', '~~', '`', '\n', 'ß'), { maxLength: 60 }), (parts) => {
        const letters = (value: string) => value.replace(/[^abß]/g, '')
        expect(letters(lettersOf(markdownRuns(parts.join(''))))).toBe(letters(parts.join('')))
      }),
    )
  })

  test.each(['*', '**a ', '`', '[', '_a ', '[a](', '~~x', '\\', '> ', '- ', '| a |\n', '``` \n'])(
    '100,000 characters of %j take no long time',
    (part) => {
      const source = part.repeat(100_000 / part.length)
      const startedAt = performance.now()
      for (const block of markdownBlocks(source)) if ('text' in block) markdownRuns(block.text)
      expect(performance.now() - startedAt).toBeLessThan(3000)
    },
  )
})
