import type { HeaderRow, RequestDraft } from './request-draft.ts'

/** A draft to begin with. */
export interface RequestPreset {
  readonly name: string
  readonly draft: RequestDraft
}

const question = 'What does a sluice gate do?'
const messages = [{ role: 'user', content: question }]
const eventStream: HeaderRow = { name: 'Accept', value: 'text/event-stream' }
const json: HeaderRow = { name: 'Content-Type', value: 'application/json' }
const plain = { method: 'GET', url: '/', headers: [], body: '', buffering: 'route', reconnects: false } as const

/** The draft of a panel that is opened for the first time. */
export const firstDraft: RequestDraft = { ...plain, url: '/.sse', headers: [eventStream] }

/** The requests that people start from. */
export const requestPresets: readonly RequestPreset[] = [
  { name: 'SSE GET', draft: firstDraft },
  { name: 'Chat completion', draft: post('/v1/chat/completions', [json, eventStream], { model: 'demo', stream: true, messages }) },
  { name: 'Responses', draft: post('/v1/responses', [json, eventStream], { model: 'demo', stream: true, input: question }) },
  {
    name: 'Messages',
    draft: post('/v1/messages', [json, { name: 'anthropic-version', value: '2023-06-01' }], {
      model: 'demo',
      max_tokens: 1024,
      stream: true,
      messages,
    }),
  },
  { name: 'NDJSON chat', draft: post('/api/chat', [json], { model: 'llama3.2', stream: true, messages }) },
]

function post(url: string, headers: readonly HeaderRow[], body: object): RequestDraft {
  return { ...plain, method: 'POST', url, headers, body: JSON.stringify(body, null, 2) }
}
