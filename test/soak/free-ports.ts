import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'

/**
 * Free ports below those that the system gives to sockets that ask for any: a port that a run opens, gives up and opens again must not
 * become another socket's in between.
 */
export async function freeLowPorts(count: number): Promise<readonly number[]> {
  const lowest = Number(/^\d+/.exec(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'))?.[0])
  const ports: number[] = []
  const firstTried = lowest - 1 - (process.pid % 8000)
  for (let port = firstTried; ports.length < count && port > 1024; port--) if (await isFree(port)) ports.push(port)
  return ports
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
