// Streams that are broken or mean harm are put together as far as they go, within bounds, and never reach out of the data.
import { describe, expect, test } from 'vitest'
import { AssembledStream } from './support/assembled-reader.ts'

const event = (value: unknown) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`
const chunk = (delta: unknown, index: unknown = 0) => event({ object: 'chat.completion.chunk', choices: [{ index, delta }] })

test.each([
  ['a key named __proto__', '{"choices":[{"delta":{"__proto__":{"content":"x"},"content":"ok"}}],"__proto__":{"model":"x"}}'],
  [
    'fields of the wrong types',
    '{"choices":[{"delta":{"content":"ok","tool_calls":{"0":1},"refusal":[1]}}],"model":{"a":1},"usage":"many"}',
  ],
  ['entries that are nothing', '{"choices":[null,{"index":0,"delta":{"content":"ok"}},7,"x"]}'],
  ['counts that none can be', '{"choices":[{"delta":{"content":"ok"}}],"usage":{"prompt_tokens":-1,"completion_tokens":1e400}}'],
])('%s', (_, data) => {
  const stream = new AssembledStream('event').feed(chunk({ content: '' }) + event(data))
  const [output] = stream.reader.said().outputs
  expect(output).toMatchObject({ text: 'ok', refusal: '', toolCalls: [] })
  expect(stream.reader.said().model).toBeNull()
  expect(({} as Record<string, unknown>)['content']).toBeUndefined()
})

test('calls named like fields of every object are calls like others', () => {
  const call = (id: string) => ({ id, function: { name: id, arguments: '{}' } })
  const stream = new AssembledStream('event').feed(chunk({ tool_calls: ['__proto__', 'constructor', 'toString'].map(call) }))
  expect(stream.reader.said().outputs[0]?.toolCalls).toEqual(['__proto__', 'constructor', 'toString'].map((id) => [id, id, '{}']))
})

test('a row that is no JSON, or too long, is counted and passed over', () => {
  const stream = new AssembledStream('event').feed(chunk({ content: 'a' }) + event('{"choices":[{"del') + chunk({ content: 'b' }))
  stream.feed(chunk({ content: 'x'.repeat(1_100_000) }) + chunk({ content: 'c' }))
  expect(stream.reader.said().outputs[0]?.text).toBe('abc')
  expect(stream.assembled.skipped).toEqual({ count: 2, rows: [1, 3] })
})

test('deep nesting is passed over', () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
  const stream = new AssembledStream('event').feed(event(deep) + event(`{"a":${deep}}`) + chunk({ content: 'ok' }))
  expect(stream.reader.said().outputs[0]?.text).toBe('ok')
})

describe('what there is no room for is counted', () => {
  test('text', () => {
    const stream = new AssembledStream('event')
    for (let row = 0; row < 30; row++) stream.feed(chunk({ content: 'x'.repeat(100_000) }))
    expect(stream.reader.said().outputs[0]?.text.length).toBe(2_097_152)
    expect(stream.assembled.cut.characters).toBe(3_000_000 - 2_097_152)
  })

  test('choices and calls', () => {
    const stream = new AssembledStream('event')
    for (let index = 0; index < 100; index++) stream.feed(chunk({ content: 'x' }, index))
    for (let index = 0; index < 100; index++) stream.feed(chunk({ tool_calls: [{ index, function: { name: 'f' } }] }))
    expect(stream.assembled.outputs).toHaveLength(32)
    expect(stream.assembled.outputs[0]?.toolCalls).toHaveLength(64)
    expect(stream.assembled.cut).toMatchObject({ outputs: 68, toolCalls: 36 })
  })

  test('names and messages', () => {
    const stream = new AssembledStream('event').feed(event({ choices: [{ delta: {} }], model: 'm'.repeat(9999), error: 'e'.repeat(9999) }))
    expect([stream.assembled.model?.length, stream.assembled.errors[0]?.message.length]).toEqual([400, 400])
  })
})

test('a stream in no known format is given up after a while, and says where its text may be', () => {
  const stream = new AssembledStream('event')
  for (let row = 0; row < 300; row++) stream.feed(event({ id: `k${row}`, out: { answer: ` word ${row}` } }))
  expect(stream.assembled).toMatchObject({ shape: null, isGivenUp: true, readRows: 256, totalRows: 300 })
  expect(stream.assembled.suggestions[0]).toMatchObject({
    path: '$.out.answer',
    sample: expect.stringContaining('word 0 word 1') as string,
  })
})

test.each([
  ['a field', '$.out.answer', { out: { answer: 'a' } }, 'aa'],
  ['a name that must be quoted', `$['my key'][1]`, { 'my key': [0, 'b'] }, 'bb'],
  ['every entry', '$.parts[*].t', { parts: [{ t: 'x' }, { t: 'y' }] }, 'xyxy'],
  ['an own field named __proto__', '$.__proto__.t', '{"__proto__":{"t":"p"}}', 'pp'],
])('along a path that was picked: %s', (_, path, value, text) => {
  const stream = new AssembledStream('event', { path }).feed(event(value) + event(value))
  expect(stream.reader.said()).toMatchObject({ shape: 'path', outputs: [{ text }] })
})

test.each(['$.constructor.name', '$.__proto__.constructor', '$.toString', '$.length'])('%s leads nowhere', (path) => {
  const stream = new AssembledStream('event', { path }).feed(event({ a: 'x' }) + event('"text"'))
  expect(stream.reader.said()).toMatchObject({ shape: null, outputs: [] })
})

test('a body of other bytes is given up at once', () => {
  const stream = new AssembledStream('chunk').feed('<html>{"choices":[]}</html>')
  expect(stream.assembled).toMatchObject({ shape: null, isGivenUp: true, suggestions: [] })
})
