import replyFrom from '@fastify/reply-from'
import fastify from 'fastify'

// A peer: @fastify/reply-from with undici, its timeouts off so that quiet streams live.
const app = fastify()
await app.register(replyFrom, {
  base: `http://127.0.0.1:${String(process.argv[2])}`,
  undici: { connections: 8192, pipelining: 1, bodyTimeout: 0, headersTimeout: 0 },
})
// Bodies of any type are streamed on.
app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
app.all('/*', (request, reply) => reply.from(request.raw.url))
const url = await app.listen({ port: 0, host: '127.0.0.1', backlog: 4096 })
process.stdout.write(`${JSON.stringify({ type: 'listening', url })}\n`)
