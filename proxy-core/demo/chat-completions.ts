import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { chatModel, chatTokens } from './chat-text.ts'
import { failed, numberWithin, pace, sendJson, startEventStream, type Failed } from './demo-answers.ts'

const maxBodyBytes = 1024 * 1024
const defaultTokensPerSecond = 20

/** The fields of a request that matter here; a client may send any others. */
const ChatRequest = z.looseObject({
  model: z.string().default(chatModel),
  messages: z.array(z.unknown()).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  rate: z.unknown().optional(),
})
type ChatRequest = z.output<typeof ChatRequest>

/** Answers in the way of OpenAI's chat completions: token by token at a set pace for `stream: true`, else whole and at once. */
export function answerChat(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
  const chunks: Buffer[] = []
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= maxBodyBytes) chunks.push(chunk)
  })
  request.on('end', () => {
    if (bytes > maxBodyBytes) {
      sendJson(response, 413, failed(`The body is larger than ${maxBodyBytes} bytes.`, 'body_too_large'))
      return
    }
    const asked = readRequest(Buffer.concat(chunks).toString(), query)
    if ('error' in asked) sendJson(response, 400, asked)
    else if (asked.chat.stream === true) streamAnswer(response, answerTo(asked.chat), asked.tokensPerSecond)
    else sendAnswer(response, answerTo(asked.chat))
  })
}

function readRequest(text: string, query: URLSearchParams): Failed | { readonly chat: ChatRequest; readonly tokensPerSecond: number } {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return failed('The body is not valid JSON.', 'invalid_json')
  }
  const checked = ChatRequest.safeParse(body)
  if (!checked.success) {
    const [issue] = checked.error.issues
    const param = issue?.path.join('.') ?? ''
    return failed(`${param === '' ? 'The body' : param}: ${issue?.message}`, 'invalid_value', param === '' ? null : param)
  }
  const tokensPerSecond = numberWithin(query.get('rate') ?? checked.data.rate ?? defaultTokensPerSecond, 0.01, 1000)
  if (tokensPerSecond === null) return failed('rate is a number of tokens a second, 0.01 to 1000.', 'invalid_value', 'rate')
  return { chat: checked.data, tokensPerSecond }
}

interface Answer {
  readonly id: string
  readonly model: string
  readonly created: number
  readonly tokens: readonly string[]
  readonly finishReason: 'stop' | 'length'
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number; readonly total_tokens: number }
  readonly isUsageWanted: boolean
}

let answers = 0

function answerTo(chat: ChatRequest): Answer {
  const limit = chat.max_completion_tokens ?? chat.max_tokens ?? Number.POSITIVE_INFINITY
  const whole = chatTokens()
  const tokens = whole.slice(0, limit)
  // A token is a word here; of a prompt it is about four characters.
  const promptTokens = Math.ceil(JSON.stringify(chat.messages).length / 4)
  return {
    id: `chatcmpl-demo-${++answers}`,
    model: chat.model,
    created: Math.floor(Date.now() / 1000),
    tokens,
    finishReason: tokens.length < whole.length ? 'length' : 'stop',
    usage: { prompt_tokens: promptTokens, completion_tokens: tokens.length, total_tokens: promptTokens + tokens.length },
    isUsageWanted: chat.stream_options?.include_usage === true,
  }
}

function sendAnswer(response: ServerResponse, answer: Answer): void {
  const { id, model, created, usage, finishReason } = answer
  const message = { role: 'assistant', content: answer.tokens.join(''), refusal: null }
  const choices = [{ index: 0, message, logprobs: null, finish_reason: finishReason }]
  sendJson(response, 200, { id, object: 'chat.completion', created, model, choices, usage })
}

function streamAnswer(response: ServerResponse, answer: Answer, tokensPerSecond: number): void {
  const { id, model, created } = answer
  const send = (rest: object) =>
    response.write(`data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created, model, ...rest })}\n\n`)
  const usage = answer.isUsageWanted ? { usage: null } : {}
  const sendDelta = (delta: object, finishReason: string | null = null) =>
    send({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }], ...usage })
  startEventStream(response)
  sendDelta({ role: 'assistant', content: '' })
  let sent = 0
  pace(response, 1000 / tokensPerSecond, () => {
    sendDelta({ content: answer.tokens[sent++] })
    if (sent < answer.tokens.length) return true
    sendDelta({}, answer.finishReason)
    if (answer.isUsageWanted) send({ choices: [], usage: answer.usage })
    response.end('data: [DONE]\n\n')
    return false
  })
}
