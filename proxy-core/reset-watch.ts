import type { Socket } from 'node:net'

const lookEveryMs = 25

/** The part of a connection's handle that asks the system; it answers 0, or below 0 with a reason. */
interface PeerHandle {
  getpeername?(name: object): number
}

/**
 * Closes a connection of node:http2 that its peer has reset.
 *
 * node:http2 writes past the socket's stream, takes a write that the system refused for one that went well, and stops reading at the next
 * one, which never ends: a reset that comes between two writes is then never heard of (nodejs/node issue 61304). The system knows no peer
 * of a connection that was reset. What came before the reset is read between two looks.
 */
export function watchForReset(socket: Socket): void {
  let hasNoPeer = false
  const timer = setInterval(() => {
    const hadNoPeer = hasNoPeer
    hasNoPeer = isWithoutPeer(socket)
    if (hadNoPeer && hasNoPeer) socket.destroy(Object.assign(new Error('The connection was reset.'), { code: 'ECONNRESET' }))
  }, lookEveryMs)
  timer.unref()
  socket.once('close', () => clearInterval(timer))
}

/** The socket's own fields keep the peer's name for good. */
function isWithoutPeer(socket: Socket): boolean {
  const handle = (socket as unknown as { readonly _handle: PeerHandle | null })._handle
  return (handle?.getpeername?.({}) ?? 0) < 0
}
