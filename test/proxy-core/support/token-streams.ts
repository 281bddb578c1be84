import type { StreamShape, TokenUsage } from '../../../proxy-core/contract/assembled.ts'
import type { RowKind } from '../../../proxy-core/contract/exchange.ts'

/** What a sample says once it is whole, with its texts in place. */
export interface SaidStream {
  readonly shape: StreamShape | null
  readonly model: string | null
  readonly outputs: readonly SaidOutput[]
  readonly usage: TokenUsage | null
  readonly errors: readonly (readonly [code: string | null, message: string])[]
}

export interface SaidOutput {
  readonly index: number
  readonly text: string
  readonly reasoning: string
  readonly refusal: string
  readonly toolCalls: readonly (readonly [name: string | null, id: string | null, args: string])[]
  readonly finishReason: string | null
}

/** A stream in a provider's published format, in our own words. */
export interface TokenSample {
  readonly name: string
  readonly rowKind: RowKind
  readonly target: string
  readonly body: string
  readonly said: SaidStream
}

const events = (...values: readonly unknown[]) => values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join('')
const typed = (...values: readonly Readonly<Record<string, unknown>>[]) =>
  values.map((value) => `event: ${String(value['type'])}\ndata: ${JSON.stringify(value)}\n\n`).join('')
const lines = (...values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('')
const output = (said: Partial<SaidOutput>): SaidOutput => ({
  index: 0,
  text: '',
  reasoning: '',
  refusal: '',
  toolCalls: [],
  finishReason: null,
  ...said,
})

const completion = (choices: readonly unknown[], rest: object = {}) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'gauge-1',
  choices,
  ...rest,
})
const delta = (index: number, change: object, finish: string | null = null) => ({ index, delta: change, finish_reason: finish })

const chat: TokenSample = {
  name: 'OpenAI Chat Completions: two choices, reasoning, a refusal, two calls in pieces',
  rowKind: 'event',
  target: '/v1/chat/completions',
  body:
    events(
      completion([delta(0, { role: 'assistant', content: '', reasoning_content: 'Look at ' })]),
      completion([delta(0, { reasoning_content: 'the gate.' })]),
      completion([delta(0, { content: 'Wässer \ud83d' }), delta(1, { refusal: 'I can' })]),
      completion([delta(1, { refusal: 'not.' }, 'stop')]),
      completion([delta(0, { content: '\ude00 steigt' })]),
      completion([delta(0, { tool_calls: [{ index: 0, id: 'call_a', type: 'function', function: { name: 'set_gate', arguments: '' } }] })]),
      completion([delta(0, { tool_calls: [{ index: 0, function: { arguments: '{"level":' } }] })]),
      completion([delta(0, { tool_calls: [{ index: 1, id: 'call_b', function: { name: 'log', arguments: '{}' } }] })]),
      completion([delta(0, { tool_calls: [{ index: 0, function: { arguments: ' 12345678901234567890}' } }] })]),
      completion([delta(0, {}, 'tool_calls')]),
      completion([], {
        usage: {
          prompt_tokens: 9,
          completion_tokens: 21,
          total_tokens: 30,
          completion_tokens_details: { reasoning_tokens: 6 },
          prompt_tokens_details: { cached_tokens: 4 },
        },
      }),
    ) + 'data: [DONE]\n\n',
  said: {
    shape: 'openai-chat',
    model: 'gauge-1',
    outputs: [
      output({
        text: 'Wässer 😀 steigt',
        reasoning: 'Look at the gate.',
        toolCalls: [
          ['set_gate', 'call_a', '{"level": 12345678901234567890}'],
          ['log', 'call_b', '{}'],
        ],
        finishReason: 'tool_calls',
      }),
      output({ index: 1, refusal: 'I cannot.', finishReason: 'stop' }),
    ],
    usage: { input: 9, output: 21, reasoning: 6, cached: 4 },
    errors: [],
  },
}

const brokenChat: TokenSample = {
  name: 'OpenAI Chat Completions: an error in the middle',
  rowKind: 'event',
  target: '/v1/chat/completions',
  body: events(completion([delta(0, { content: 'Half an ans' })]), {
    error: { code: 'overloaded', message: 'Too many requests at once.' },
  }),
  said: {
    shape: 'openai-chat',
    model: 'gauge-1',
    outputs: [output({ text: 'Half an ans' })],
    usage: null,
    errors: [['overloaded', 'Too many requests at once.']],
  },
}

const responses: TokenSample = {
  name: 'OpenAI Responses: a summary in two parts, text, a refusal, a call',
  rowKind: 'event',
  target: '/v1/responses',
  body: typed(
    { type: 'response.created', response: { object: 'response', status: 'in_progress', model: 'gauge-2', output: [] } },
    { type: 'response.output_item.added', output_index: 0, item: { type: 'reasoning', id: 'rs_1', summary: [] } },
    { type: 'response.reasoning_summary_text.delta', output_index: 0, summary_index: 0, delta: 'First ' },
    { type: 'response.reasoning_summary_text.delta', output_index: 0, summary_index: 0, delta: 'think.' },
    { type: 'response.reasoning_summary_text.done', output_index: 0, summary_index: 0, text: 'First think.' },
    { type: 'response.reasoning_summary_text.delta', output_index: 0, summary_index: 1, delta: 'Then say.' },
    { type: 'response.output_item.added', output_index: 1, item: { type: 'message', id: 'msg_1', content: [] } },
    { type: 'response.output_text.delta', output_index: 1, content_index: 0, delta: 'The gate ' },
    { type: 'response.output_text.delta', output_index: 1, content_index: 0, delta: 'is shut.' },
    { type: 'response.output_text.done', output_index: 1, content_index: 0, text: 'The gate is shut.' },
    { type: 'response.refusal.delta', output_index: 1, content_index: 1, delta: 'No more.' },
    {
      type: 'response.output_item.added',
      output_index: 2,
      item: { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'open_gate', arguments: '' },
    },
    { type: 'response.function_call_arguments.delta', output_index: 2, delta: '{"by":' },
    { type: 'response.function_call_arguments.delta', output_index: 2, delta: '"hand"}' },
    { type: 'response.function_call_arguments.done', output_index: 2, arguments: '{"by":"hand"}' },
    {
      type: 'response.completed',
      response: {
        object: 'response',
        status: 'completed',
        model: 'gauge-2',
        output: [],
        usage: {
          input_tokens: 5,
          output_tokens: 17,
          input_tokens_details: { cached_tokens: 0 },
          output_tokens_details: { reasoning_tokens: 8 },
        },
      },
    },
  ),
  said: {
    shape: 'openai-responses',
    model: 'gauge-2',
    outputs: [
      output({
        text: 'The gate is shut.',
        reasoning: 'First think.\n\nThen say.',
        refusal: 'No more.',
        toolCalls: [['open_gate', 'call_1', '{"by":"hand"}']],
        finishReason: 'completed',
      }),
    ],
    usage: { input: 5, output: 17, reasoning: 8, cached: 0 },
    errors: [],
  },
}

const failedResponses: TokenSample = {
  name: 'OpenAI Responses: a response that fails',
  rowKind: 'event',
  target: '/v1/responses',
  body: typed(
    { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'Wait' },
    {
      type: 'response.failed',
      response: { object: 'response', status: 'failed', error: { code: 'server_error', message: 'The model fell over.' } },
    },
  ),
  said: {
    shape: 'openai-responses',
    model: null,
    outputs: [output({ text: 'Wait', finishReason: 'failed' })],
    usage: null,
    errors: [['server_error', 'The model fell over.']],
  },
}

const anthropic: TokenSample = {
  name: 'Anthropic Messages: thinking, text on both sides of a tool, a ping',
  rowKind: 'event',
  target: '/v1/messages',
  body: typed(
    {
      type: 'message_start',
      message: {
        type: 'message',
        role: 'assistant',
        model: 'gauge-3',
        content: [],
        usage: { input_tokens: 3, cache_read_input_tokens: 7, cache_creation_input_tokens: 2, output_tokens: 1 },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
    { type: 'ping' },
    { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Which lever?' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'c2VhbA==' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Pulling ' } },
    { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'it.' } },
    { type: 'content_block_start', index: 2, content_block: { type: 'tool_use', id: 'toolu_1', name: 'pull', input: {} } },
    { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '' } },
    { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '{"lever": 2' } },
    { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '}' } },
    { type: 'content_block_start', index: 3, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 3, delta: { type: 'text_delta', text: 'Done.' } },
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 33 } },
    { type: 'message_stop' },
  ),
  said: {
    shape: 'anthropic',
    model: 'gauge-3',
    outputs: [
      output({
        text: 'Pulling it.\n\nDone.',
        reasoning: 'Which lever?',
        toolCalls: [['pull', 'toolu_1', '{"lever": 2}']],
        finishReason: 'tool_use',
      }),
    ],
    usage: { input: 12, output: 33, reasoning: null, cached: 7 },
    errors: [],
  },
}

const failedAnthropic: TokenSample = {
  name: 'Anthropic Messages: nothing but an error',
  rowKind: 'event',
  target: '/v1/messages?beta=true',
  body: typed({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
  said: { shape: 'anthropic', model: null, outputs: [output({})], usage: null, errors: [['overloaded_error', 'Overloaded']] },
}

const geminiValues = [
  { candidates: [{ content: { role: 'model', parts: [{ text: 'Hmm.', thought: true }] }, index: 0 }], modelVersion: 'gauge-4' },
  { candidates: [{ content: { parts: [{ text: 'Das "Tor" {' }] }, index: 0 }], modelVersion: 'gauge-4' },
  {
    candidates: [{ content: { parts: [{ text: '} ist auf. 🌊' }, { functionCall: { name: 'close', args: { after: 1.5 } } }] }, index: 0 }],
  },
  {
    candidates: [{ content: { parts: [] }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 10, thoughtsTokenCount: 2, totalTokenCount: 16 },
  },
]
const geminiSaid: SaidStream = {
  shape: 'gemini',
  model: 'gauge-4',
  outputs: [
    output({ text: 'Das "Tor" {} ist auf. 🌊', reasoning: 'Hmm.', toolCalls: [['close', null, '{"after":1.5}']], finishReason: 'STOP' }),
  ],
  usage: { input: 4, output: 12, reasoning: 2, cached: null },
  errors: [],
}
const geminiTarget = '/v1beta/models/gauge-4:streamGenerateContent'

const gemini: TokenSample = {
  name: 'Gemini as events: a thought, text, a call',
  rowKind: 'event',
  target: `${geminiTarget}?alt=sse`,
  body: events(...geminiValues),
  said: geminiSaid,
}

const geminiArray: TokenSample = {
  name: 'Gemini as one JSON array that grows, in chunks',
  rowKind: 'chunk',
  target: geminiTarget,
  body: `[${geminiValues.map((value) => JSON.stringify(value, null, 2)).join(',\r\n')}\n]`,
  said: geminiSaid,
}

const blockedGemini: TokenSample = {
  name: 'Gemini: a prompt that is blocked, then two candidates',
  rowKind: 'event',
  target: geminiTarget,
  body: events(
    { promptFeedback: { blockReason: 'SAFETY' }, modelVersion: 'gauge-4' },
    {
      candidates: [
        { content: { parts: [{ text: 'b' }] }, index: 1 },
        { content: { parts: [{ text: 'a' }] }, index: 0, finishReason: 'MAX_TOKENS' },
      ],
    },
  ),
  said: {
    shape: 'gemini',
    model: 'gauge-4',
    outputs: [output({ text: 'a', finishReason: 'MAX_TOKENS' }), output({ index: 1, text: 'b' })],
    usage: null,
    errors: [['SAFETY', 'The prompt was blocked.']],
  },
}

const ollama: TokenSample = {
  name: 'Ollama chat: thinking, text, a call whose numbers are kept as they are written',
  rowKind: 'line',
  target: '/api/chat',
  body:
    lines(
      { model: 'gauge-5', message: { role: 'assistant', content: '', thinking: 'Hm, ' }, done: false },
      { model: 'gauge-5', message: { role: 'assistant', content: '', thinking: 'so.' }, done: false },
      { model: 'gauge-5', message: { role: 'assistant', content: 'Offen' }, done: false },
      { model: 'gauge-5', message: { role: 'assistant', content: ' – 水' }, done: false },
    ) +
    '{"model":"gauge-5","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"mark","arguments":{"at":12345678901234567890,"x":0.12345678901234568}}}]},"done":false}\n' +
    '{"model":"gauge-5","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":11,"eval_count":22,"eval_duration":1500000000}',
  said: {
    shape: 'ollama',
    model: 'gauge-5',
    outputs: [
      output({
        text: 'Offen – 水',
        reasoning: 'Hm, so.',
        toolCalls: [['mark', null, '{"at":12345678901234567890,"x":0.12345678901234568}']],
        finishReason: 'stop',
      }),
    ],
    usage: { input: 11, output: 22, reasoning: null, cached: null },
    errors: [],
  },
}

const failedOllama: TokenSample = {
  name: 'Ollama generate: text, then an error',
  rowKind: 'line',
  target: '/api/generate',
  body: lines({ model: 'gauge-5', response: 'On', done: false }, { error: 'the runner has ended' }),
  said: {
    shape: 'ollama',
    model: 'gauge-5',
    outputs: [output({ text: 'On' })],
    usage: null,
    errors: [[null, 'the runner has ended']],
  },
}

/** Streams of each provider: text, reasoning, refusals, calls, several choices, usage, reasons for the end, errors. */
export const tokenSamples: readonly TokenSample[] = [
  chat,
  brokenChat,
  responses,
  failedResponses,
  anthropic,
  failedAnthropic,
  gemini,
  geminiArray,
  blockedGemini,
  ollama,
  failedOllama,
]
