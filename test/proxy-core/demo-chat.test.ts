import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chatText } from '../../proxy-core/demo/chat-text.ts'
import { startDemoUpstream } from '../../proxy-core/demo/demo-upstream.ts'
import type { LoopbackServer } from '../../proxy-core/loopback-server.ts'
import { fetchWhole } from '../support/client.ts'

let demo: LoopbackServer

beforeAll(async () => {
  demo = await startDemoUpstream()
})

afterAll(() => demo.close())

const messages = [{ role: 'user', content: 'What does a sluice gate do?' }]

interface Chunk {
  readonly id: string
  readonly object: string
  readonly model: string
  readonly choices: readonly {
    readonly delta: { readonly role?: string; readonly content?: string }
    readonly finish_reason: string | null
  }[]
  readonly usage?: { readonly completion_tokens: number; readonly total_tokens: number; readonly prompt_tokens: number } | null
}

function ask(body: unknown, query = '') {
  return fetchWhole(`${demo.origin}/v1/chat/completions${query}`, {
    method: 'POST',
    fields: { 'Content-Type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

function chunksOf(text: string): Chunk[] {
  const events = text.split('\n\n').filter((block) => block !== '')
  expect(events.every((block) => /^data: [^\n]*$/.test(block))).toBe(true)
  expect(events.at(-1)).toBe('data: [DONE]')
  return events.slice(0, -1).map((block) => JSON.parse(block.slice(6)) as Chunk)
}

test('a streamed answer has a role, then the text in pieces, then the reason for its end', async () => {
  const response = await ask({ model: 'any', messages, stream: true }, '?rate=1000')
  expect(response.header('Content-Type')).toBe('text/event-stream')
  expect(response.header('X-Accel-Buffering')).toBeNull()
  const chunks = chunksOf(response.text)
  expect(chunks.map((chunk) => [chunk.object, chunk.model, chunk.id])).toEqual(
    chunks.map(() => ['chat.completion.chunk', 'any', chunks[0]?.id]),
  )
  expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant')
  expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(chatText)
  expect(chunks.map((chunk) => chunk.choices[0]?.finish_reason).filter(Boolean)).toEqual(['stop'])
  expect(chunks.every((chunk) => chunk.usage === undefined)).toBe(true)
})

test('the usage comes last, when it is asked for', async () => {
  const chunks = chunksOf((await ask({ messages, stream: true, stream_options: { include_usage: true }, max_tokens: 5, rate: 1000 })).text)
  expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true)
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 5 } })
  expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('length')
})

test('tokens come at the pace that is asked for, 20 a second by default', async () => {
  const spanMs = async (body: object, query = '') => {
    const response = await ask({ messages, stream: true, max_tokens: 11, ...body }, query)
    const { pieces } = response
    return (pieces.at(-1)?.at ?? 0) - (pieces[0]?.at ?? 0)
  }
  const [byDefault, byField, byQuery] = await Promise.all([spanMs({}), spanMs({ rate: 100 }), spanMs({ rate: 1 }, '?rate=50')])
  expect(byDefault).toBeGreaterThan(500)
  expect(byField).toBeGreaterThan(95)
  expect(byField).toBeLessThan(byDefault)
  expect(byQuery).toBeGreaterThan(195)
  // Of one a second, which the field says, it would be ten.
  expect(byQuery).toBeLessThan(5000)
})

test('without stream the answer comes whole and at once', async () => {
  const startedAt = performance.now()
  const response = await ask({ messages })
  expect(performance.now() - startedAt).toBeLessThan(1000)
  expect(response.header('Content-Type')).toBe('application/json; charset=utf-8')
  const answer = JSON.parse(response.text) as { usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } }
  expect(answer).toMatchObject({
    object: 'chat.completion',
    model: 'sluice-demo',
    choices: [{ index: 0, message: { role: 'assistant', content: chatText }, finish_reason: 'stop' }],
  })
  expect(answer.usage.total_tokens).toBe(answer.usage.prompt_tokens + answer.usage.completion_tokens)
})

test('the models are listed', async () => {
  const response = await fetchWhole(`${demo.origin}/v1/models`)
  expect(JSON.parse(response.text)).toMatchObject({ object: 'list', data: [{ id: 'sluice-demo', object: 'model' }] })
})

describe('a request that cannot be answered is refused in the shape of the API', () => {
  test.each([
    ['no JSON', '{"messages":', null],
    ['an empty body', '', null],
    ['a body that is no object', '[]', null],
    ['no messages', { model: 'a' }, 'messages'],
    ['an empty list of messages', { messages: [] }, 'messages'],
    ['a stream that is no boolean', { messages, stream: 'yes' }, 'stream'],
    ['a pace of nothing', { messages, stream: true, rate: 0 }, 'rate'],
  ])('%s', async (_, body, param) => {
    const response = await ask(body)
    expect(response.status).toBe(400)
    expect(JSON.parse(response.text)).toEqual({
      error: { message: expect.any(String) as string, type: 'invalid_request_error', param, code: expect.any(String) as string },
    })
  })

  test('a body that is too large', async () => {
    const response = await ask(JSON.stringify({ messages: ['x'.repeat(1_100_000)] }))
    expect(response.status).toBe(413)
  })
})
