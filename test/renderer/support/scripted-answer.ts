import { chatPlan, type ExchangePlan } from './scripted-plan.ts'

const reasoning =
  'They ask what a sluice gate does. Two cases are worth showing: the gate that is open, and the gate that is shut. A short table helps.'

const markdown = `## What a sluice gate does

A sluice gate is a plate in a frame, set across a channel. **Raise it** and the water runs through *as it comes*; lower it and
the water stands behind it and rises.

1. Open: every drop passes at once.
2. Shut: drops wait, and then come together.
   - nothing is lost
   - nothing is added

| gate | upstream | client |
| --- | --- | --- |
| open | a drop | a drop |
| shut | many drops | one \`burst\` |

> Put a gauge on either side, and watch. <b>Not bold</b>

\`\`\`sh
curl -N http://127.0.0.1:9080/v1/chat/completions \\
  -d '{"stream": true}'
\`\`\`

More in [the manual](https://example.com/gates?by=hand).`

const pieces = (text: string) => text.match(/\s*\S+/g) ?? []
const chunk = (delta: object, finish: string | null = null) => ({
  id: 'chatcmpl-9',
  object: 'chat.completion.chunk',
  model: 'demo-1-large',
  choices: [{ index: 0, delta, finish_reason: finish }],
})
const chunks: readonly unknown[] = [
  ...pieces(reasoning).map((piece) => chunk({ reasoning_content: piece })),
  ...pieces(markdown).map((piece) => chunk({ content: piece })),
  chunk({ tool_calls: [{ index: 0, id: 'call_8fK2', type: 'function', function: { name: 'set_gate', arguments: '' } }] }),
  ...['{"gate":', ' "north",', ' "level":', ' 12345678901234567890,', ' "steps": [1,', ' 2]}'].map((piece) =>
    chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] }),
  ),
  chunk({}, 'tool_calls'),
  {
    ...chunk({}),
    choices: [],
    usage: {
      prompt_tokens: 1412,
      completion_tokens: 188,
      completion_tokens_details: { reasoning_tokens: 26 },
      prompt_tokens_details: { cached_tokens: 1024 },
    },
  },
]

/** An answer with all that an assembled one may have: reasoning, Markdown, a call, usage. */
export const answerPlan: ExchangePlan = {
  ...chatPlan,
  target: '/v1/chat/completions?answer',
  rows: chunks.length,
  say: (index) => ['message', null, JSON.stringify(chunks[index])],
}

/** A refusal as one of two choices, and an error at the end. */
export const refusedPlan: ExchangePlan = {
  ...chatPlan,
  target: '/v1/chat/completions?refused',
  rows: 12,
  say: (index) => [
    'message',
    null,
    JSON.stringify(
      index === 11
        ? { error: { code: 'overloaded', message: 'The model is overloaded; try again in a minute.' } }
        : {
            ...chunk({}),
            choices: [
              { index: 0, delta: { content: `word ${index} ` } },
              { index: 1, delta: { refusal: index === 0 ? 'I cannot ' : index === 1 ? 'help with that.' : null } },
            ],
          },
    ),
  ],
}

/** Text in a format that nobody knows. */
export const unknownPlan: ExchangePlan = {
  ...chatPlan,
  target: '/v1/tell',
  rows: 60,
  say: (index) => ['piece', String(index), JSON.stringify({ id: `p-${index}`, out: { answer: ` drop number ${index}`, lang: 'en' } })],
}
