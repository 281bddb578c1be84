// Parts of the providers' formats beside text: sources, tools that the upstream runs, reasoning in other fields, audio, refusals with a reason.
import { expect, test } from 'vitest'
import { TokenReader } from '../../proxy-core/assemble/token-reader.ts'

/** What a stream of values says, its texts in place of their numbers. */
function said(...values: readonly object[]) {
  const reader = new TokenReader({ target: '/', path: null })
  values.forEach((value, row) => {
    reader.beginRow(row)
    reader.read(JSON.stringify(value))
  })
  const { texts, outputs, errors, usage } = reader.view([])
  const text = (number: number | null) => (number === null ? '' : (texts[number]?.tail ?? ''))
  const [output] = outputs
  if (!output) throw new Error('There is no answer.')
  return {
    text: text(output.text),
    reasoning: text(output.reasoning),
    refusal: text(output.refusal),
    calls: output.toolCalls.map(({ kind, name, arguments: given }) => [kind, name, text(given)]),
    sources: output.citations.map(({ title, url }) => [title, url]),
    errors: errors.map(({ code }) => code),
    input: usage?.input ?? null,
  }
}

const chunk = (delta: object, rest: object = {}) => ({ object: 'chat.completion.chunk', choices: [{ index: 0, delta }], ...rest })

test('Chat Completions: reasoning in details, speech as text, sources beside the choices', () => {
  expect(
    said(
      chunk({ reasoning: null, reasoning_details: [{ type: 'reasoning.text', text: 'First ' }] }),
      chunk({ reasoning: 'twice', reasoning_details: [{ type: 'reasoning.text', text: 'twice' }] }),
      chunk({ audio: { id: 'a', transcript: 'Spo' } }, { search_results: [{ title: 'Gates', url: 'https://example.com/g' }] }),
      chunk({ audio: { transcript: 'ken' } }, { search_results: [{ title: 'Gates', url: 'https://example.com/g' }] }),
    ),
  ).toMatchObject({ text: 'Spoken', reasoning: 'First twice', sources: [['Gates', 'https://example.com/g']] })
})

test('Responses: what the upstream ran by itself is told at its end, and once', () => {
  const item = (index: number, rest: object) => ({ type: 'response.output_item.done', output_index: index, item: rest })
  expect(
    said(
      { type: 'response.output_item.added', output_index: 0, item: { type: 'web_search_call', id: 'ws_1', status: 'in_progress' } },
      { type: 'response.web_search_call.searching', output_index: 0, item_id: 'ws_1' },
      item(0, { type: 'web_search_call', id: 'ws_1', action: { type: 'search', query: 'gates' } }),
      item(1, { type: 'mcp_approval_request', id: 'mr_1', name: 'open_gate', arguments: '{"by":"hand"}' }),
      { type: 'response.output_item.added', output_index: 2, item: { type: 'function_call', call_id: 'c', name: 'log', arguments: '' } },
      { type: 'response.function_call_arguments.delta', output_index: 2, delta: '{}' },
      item(2, { type: 'function_call', call_id: 'c', name: 'log', arguments: '{}' }),
      {
        type: 'response.output_text.annotation.added',
        output_index: 3,
        annotation: { type: 'url_citation', title: 'Gates', url: 'https://example.com/g' },
      },
    ),
  ).toMatchObject({
    calls: [
      ['server', 'web_search', '{"type":"search","query":"gates"}'],
      ['server', 'open_gate', '{"by":"hand"}'],
      ['function', 'log', '{}'],
    ],
    sources: [['Gates', 'https://example.com/g']],
  })
})

test('Responses: a whole one has its reasoning, text and sources', () => {
  const content = [{ type: 'output_text', text: 'Shut.', annotations: [{ type: 'file_citation', filename: 'gates.pdf' }] }]
  expect(
    said({
      object: 'response',
      status: 'completed',
      output: [
        { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'Look.' }] },
        { type: 'message', content },
      ],
    }),
  ).toMatchObject({ text: 'Shut.', reasoning: 'Look.', sources: [['gates.pdf', '']] })
})

test('Messages: a search by the upstream, what it found, one that failed, and a refusal with its reason', () => {
  const begin = (index: number, block: object) => ({ type: 'content_block_start', index, content_block: block })
  const delta = (index: number, change: object) => ({ type: 'content_block_delta', index, delta: change })
  expect(
    said(
      begin(0, { type: 'redacted_thinking', data: 'c2VhbA==' }),
      begin(1, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }),
      delta(1, { type: 'input_json_delta', partial_json: '{"query":"gates"}' }),
      begin(2, {
        type: 'web_search_tool_result',
        tool_use_id: 's',
        content: [{ type: 'web_search_result', title: 'Gates', url: 'https://example.com/g', encrypted_content: 'x' }],
      }),
      begin(3, { type: 'web_search_tool_result', content: { type: 'web_search_tool_result_error', error_code: 'max_uses_exceeded' } }),
      begin(4, { type: 'text', text: '', citations: [] }),
      delta(4, { type: 'text_delta', text: 'Shut.' }),
      delta(4, { type: 'citations_delta', citation: { type: 'char_location', document_title: 'Manual', cited_text: 'shut' } }),
      { type: 'message_delta', delta: { stop_reason: 'refusal', stop_details: { type: 'refusal', explanation: 'Not that.' } } },
    ),
  ).toMatchObject({
    text: 'Shut.',
    reasoning: '',
    refusal: 'Not that.',
    calls: [['server', 'web_search', '{"query":"gates"}']],
    sources: [
      ['Gates', 'https://example.com/g'],
      ['Manual', ''],
    ],
    errors: ['max_uses_exceeded'],
  })
})

test('Gemini: a call whose arguments come in pieces is one call', () => {
  const part = (functionCall: object) => ({ candidates: [{ content: { parts: [{ functionCall }] } }] })
  const piece = (jsonPath: string, value: object) => part({ partialArgs: [{ jsonPath, ...value, willContinue: true }], willContinue: true })
  expect(
    said(
      part({ name: 'set_gate', willContinue: true }),
      piece('$.gate', { stringValue: 'nor' }),
      piece('$.gate', { stringValue: 'th' }),
      piece('$.level', { numberValue: 7 }),
      part({}),
      part({ name: 'log', args: { a: 1 } }),
    ),
  ).toMatchObject({
    calls: [
      ['function', 'set_gate', '$.gate: north\n$.level: 7'],
      ['function', 'log', '{"a":1}'],
    ],
  })
})

test('Gemini: sources of every kind, and what tools brought is counted as read', () => {
  expect(
    said({
      candidates: [
        {
          content: { parts: [{ text: 'Shut.' }] },
          groundingMetadata: {
            groundingChunks: [
              { web: { title: 'Gates', uri: 'https://example.com/g' } },
              { retrievedContext: { title: 'Manual', uri: 'gs://m' } },
            ],
          },
          citationMetadata: { citationSources: [{ uri: 'https://example.com/c' }] },
        },
      ],
      usageMetadata: { promptTokenCount: 4, toolUsePromptTokenCount: 6, candidatesTokenCount: 2 },
      modelVersion: 'gauge-4',
    }),
  ).toMatchObject({
    input: 10,
    sources: [
      ['Gates', 'https://example.com/g'],
      ['Manual', 'gs://m'],
      ['', 'https://example.com/c'],
    ],
  })
})
