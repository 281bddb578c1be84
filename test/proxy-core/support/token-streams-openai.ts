import { events, output, typed, type TokenSample } from './token-sample.ts'

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

/** Streams of Chat Completions and Responses. */
export const openAiSamples: readonly TokenSample[] = [chat, brokenChat, responses, failedResponses]
