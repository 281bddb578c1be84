import { connect, type Socket } from 'node:net'

/** All sockets read into one buffer: the callback has done with it before the next read. */
export const readBuffer = Buffer.alloc(262_144)

/** Opens a connection and sends a request head; the caller is told how many bytes of `readBuffer` each read filled. */
export function openSocket(port: number, head: string, onBytes: (count: number) => void): Socket {
  const socket = connect({
    port,
    host: '127.0.0.1',
    noDelay: true,
    onread: {
      buffer: readBuffer,
      callback: (count) => {
        onBytes(count)
        return true
      },
    },
  })
  socket.on('error', () => socket.destroy())
  socket.write(head)
  return socket
}

/** A request head: its first line without the version, then fields if there are more than the usual ones. */
export function requestHead(port: number, line: string, fields = 'Accept: text/event-stream\r\n'): string {
  return `${line} HTTP/1.1\r\nHost: 127.0.0.1:${String(port)}\r\n${fields}\r\n`
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
