import { events, lines, output, typed, type SaidStream, type TokenSample } from './token-sample.ts'
import { openAiSamples } from './token-streams-openai.ts'

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
  { candidates: [{ content: { parts: [{ text: 'Das 3" Tor {' }] }, index: 0 }], modelVersion: 'gauge-4' },
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
    output({ text: 'Das 3" Tor {} ist auf. 🌊', reasoning: 'Hmm.', toolCalls: [['close', null, '{"after":1.5}']], finishReason: 'STOP' }),
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
  ...openAiSamples,
  anthropic,
  failedAnthropic,
  gemini,
  geminiArray,
  blockedGemini,
  ollama,
  failedOllama,
]
