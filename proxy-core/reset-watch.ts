import type { Duplex } from 'node:stream'

const lookEveryMs = 25

/** The part of a connection's handle that asks the system; it answers 0, or below 0 with a reason. */
interface PeerHandle {
  getpeername?(name: object): number
}

/**
 * Closes a connection that its peer has reset and that nobody reads, which alone would tell: the system knows no peer of it any more. What
 * came before the reset is read between two looks. Returns how to stop.
 *
 * Nobody reads who has to wait with an upload or in a tunnel. And node:http2 writes past the socket's stream, takes a write that the system refused for
 * one that went well, and stops reading at the next one, which never ends: a reset that comes between two writes is then never heard of
 * (nodejs/node issue 61304).
 */
export function watchForReset(socket: Duplex): () => void {
  let hasNoPeer = false
  const timer = setInterval(() => {
    const hadNoPeer = hasNoPeer
    hasNoPeer = isWithoutPeer(socket)
    if (hadNoPeer && hasNoPeer) socket.destroy(Object.assign(new Error('The connection was reset.'), { code: 'ECONNRESET' }))
  }, lookEveryMs)
  timer.unref()
  const stop = (): void => clearInterval(timer)
  socket.once('close', stop)
  return () => {
    socket.off('close', stop)
    stop()
  }
}

/** The socket's own fields keep the peer's name for good. */
function isWithoutPeer(socket: Duplex): boolean {
  const handle = (socket as unknown as { readonly _handle: PeerHandle | null })._handle
  return (handle?.getpeername?.({}) ?? 0) < 0
}
