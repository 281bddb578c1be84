import { describe, expect, it } from 'vitest'
import { decodeEvent } from '../../proxy-core/sse/decode-event.ts'

const encoder = new TextEncoder()
const decode = (text: string) => decodeEvent(encoder.encode(text))

describe('a decoded event', () => {
  it('has its fields, its comments and its data lines joined', () => {
    expect(decode(': one\nevent: tick\nid: 7\nretry: 250\ndata: a\ndata:b\n:two\n\n')).toEqual({
      type: 'tick',
      id: '7',
      data: 'a\nb',
      retryMs: 250,
      comments: ['one', 'two'],
      hasInvalidUtf8: false,
    })
  })

  it('is a message with nothing else when its block has data alone', () => {
    expect(decode('data\n\n')).toEqual({ type: 'message', id: null, data: '', retryMs: null, comments: [], hasInvalidUtf8: false })
  })

  it.each([
    ['id:\n', ''],
    ['id\n', ''],
    ['id: a\nid: b\n', 'b'],
    ['id: a\nid: b\0\n', 'a'],
    ['id: \0\n', null],
    ['Id: a\n', null],
  ])('%j has the id %j', (text, id) => {
    expect(decode(`${text}data:x\n\n`).id).toBe(id)
  })

  it.each([
    ['retry: 10\nretry: x\n', 10],
    ['retry:010\n', 10],
    ['retry: -1\n', null],
    ['retry: 1.5\n', null],
    ['retry:  5\n', null],
    ['retry\n', null],
    [`retry: ${'9'.repeat(400)}\n`, Number.MAX_SAFE_INTEGER],
  ])('%j sets the reconnection time %j', (text, retryMs) => {
    expect(decode(text).retryMs).toBe(retryMs)
  })

  it.each([
    ['data:  a\n', ' a'],
    ['data:\ta\n', '\ta'],
    ['data: a:b\n', 'a:b'],
    ['data:a\r\ndata:b\rdata:c\n', 'a\nb\nc'],
    ['data:no line end', 'no line end'],
  ])('%j has the data %j', (text, data) => {
    expect(decode(text).data).toBe(data)
  })

  it('says when bytes are not UTF-8, and shows them as replacement characters', () => {
    const bytes = Uint8Array.from([...encoder.encode('data:a'), 0xff, ...encoder.encode('b\n\n')])
    expect(decodeEvent(bytes)).toMatchObject({ data: 'a\ufffdb', hasInvalidUtf8: true })
    expect(decode('data:\ufffd\n\n').hasInvalidUtf8).toBe(false)
  })

  it('skips one byte order mark at the start of the body and nowhere else', () => {
    const bytes = encoder.encode('\ufeffdata:a\n\n')
    expect(decodeEvent(bytes, { isFirst: true }).data).toBe('a')
    expect(decodeEvent(bytes).data).toBe('')
    expect(decodeEvent(encoder.encode('\ufeff\ufeffdata:a\n\n'), { isFirst: true }).data).toBe('')
  })
})
