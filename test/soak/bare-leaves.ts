import { createServer, connect, type AddressInfo } from 'node:net'

/** Connections that are left with no gateway between, beside a run: how long that takes is the measuring process's own share. */
export interface BareLeaves {
  /** How long each took until the other side saw it, in ms. */
  readonly tookMs: readonly number[]
  close(): void
}

const everyMs = 200

/** Opens a connection to a server in this process now and then, and leaves it. */
export async function startBareLeaves(): Promise<BareLeaves> {
  const tookMs: number[] = []
  const leftAt = new Map<number, number>()
  const server = createServer((socket) => {
    const port = socket.remotePort ?? 0
    socket.on('error', () => undefined)
    socket.on('close', () => {
      const at = leftAt.get(port)
      if (at !== undefined) tookMs.push(Date.now() - at)
      leftAt.delete(port)
    })
    socket.resume()
    socket.write('one')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const timer = setInterval(() => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.once('data', () => {
      leftAt.set(socket.localPort ?? 0, Date.now())
      socket.destroy()
    })
  }, everyMs)
  return {
    tookMs,
    close: () => {
      clearInterval(timer)
      server.close()
    },
  }
}
