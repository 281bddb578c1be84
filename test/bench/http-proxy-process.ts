import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createProxyServer } from 'http-proxy-3'

// A peer: http-proxy-3, which Vite and JupyterHub use, as its README sets it up.
const proxy = createProxyServer({ target: `http://127.0.0.1:${String(process.argv[2])}` })
proxy.on('error', (_error, _request, response) => response.destroy())
const server = createServer((request, response) => proxy.web(request, response))
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
  process.stdout.write(
    `${JSON.stringify({ type: 'listening', url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` })}\n`,
  ),
)
