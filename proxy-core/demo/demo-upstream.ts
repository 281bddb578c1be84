import type { IncomingMessage, ServerResponse } from 'node:http'
import { startLoopbackServer, type LoopbackServer } from '../loopback-server.ts'
import { answerChat } from './chat-completions.ts'
import { chatModel } from './chat-text.ts'
import { failed, sendJson } from './demo-answers.ts'
import { sendEvents } from './event-clock.ts'

/** Starts the demo upstream, the one that is built in. */
export function startDemoUpstream(): Promise<LoopbackServer> {
  return startLoopbackServer(answer)
}

interface Resource {
  readonly method: 'GET' | 'POST'
  readonly about: string
  readonly answer: (request: IncomingMessage, response: ServerResponse, query: URLSearchParams) => void
}

const resources: { readonly [path: string]: Resource } = {
  '/': { method: 'GET', about: 'this list', answer: sendIndex },
  '/.sse': {
    method: 'GET',
    about: 'events: the server, the request that it saw, then the time once a second; ?every=MS sets the pace, ?count=N ends after N times',
    answer: sendEvents,
  },
  '/v1/models': { method: 'GET', about: 'the one model there is', answer: sendModels },
  '/v1/chat/completions': {
    method: 'POST',
    about:
      'a chat completion; "stream": true sends it token by token, 20 a second or as "rate" or ?rate= says; else it comes whole and at once',
    answer: answerChat,
  },
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = request.url ?? '/'
  const [path = '/', query = ''] = url.split(/\?(.*)/s)
  const resource = Object.hasOwn(resources, path) ? resources[path] : undefined
  if (!resource) {
    const paths = Object.entries(resources).map(([there, { method, about }]) => ({ method, path: there, about }))
    sendJson(response, 404, { ...failed(`There is no ${path} here.`, 'not_found'), paths })
    return
  }
  const isHead = request.method === 'HEAD' && resource.method === 'GET'
  if (request.method !== resource.method && !isHead) {
    response.setHeader('Allow', resource.method === 'GET' ? 'GET, HEAD' : resource.method)
    sendJson(response, 405, failed(`${path} takes ${resource.method}.`, 'method_not_allowed'))
    return
  }
  resource.answer(request, response, new URLSearchParams(query))
}

function sendIndex(_request: IncomingMessage, response: ServerResponse): void {
  const lines = Object.entries(resources).map(([path, { method, about }]) => `${method.padEnd(4)} ${path.padEnd(22)} ${about}`)
  response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`The demo upstream of Sluice.\n\n${lines.join('\n')}\n`)
}

function sendModels(_request: IncomingMessage, response: ServerResponse): void {
  sendJson(response, 200, { object: 'list', data: [{ id: chatModel, object: 'model', created: 0, owned_by: 'sluice' }] })
}
