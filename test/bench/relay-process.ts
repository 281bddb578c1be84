import { connect, createServer, type AddressInfo } from 'node:net'

// The floor: what it costs in Node to hand bytes on without looking at them.
const upstreamPort = Number(process.argv[2])
const server = createServer({ noDelay: true }, (client) => {
  const upstream = connect({ port: upstreamPort, host: '127.0.0.1', noDelay: true })
  client.pipe(upstream)
  upstream.pipe(client)
  client.on('error', () => upstream.destroy())
  upstream.on('error', () => client.destroy())
  client.on('close', () => upstream.destroy())
  upstream.on('close', () => client.destroy())
})
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
  process.stdout.write(
    `${JSON.stringify({ type: 'listening', url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` })}\n`,
  ),
)
