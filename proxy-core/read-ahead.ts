import type { Socket } from 'node:net'
import { watchForReset } from './reset-watch.ts'

/** A client that sends more before its protocols are switched is read on when they are. */
const keptBytes = 65_536

/**
 * Reads on a connection that node:http has let go of, while its client waits for a switch of protocols: only who reads hears that the
 * client has left. What comes early is kept for whoever reads next.
 */
export function readAhead(socket: Socket): void {
  const kept: Buffer[] = []
  let bytes = 0
  let leaveClient: (() => void) | null = null
  const take = (): void => {
    for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null) {
      kept.push(chunk)
      bytes += chunk.length
    }
    if (bytes <= keptBytes) return
    socket.off('readable', take)
    leaveClient ??= watchForReset(socket)
  }
  const left = (): void => void socket.destroy()
  socket.on('readable', take).once('end', left)
  readers.set(socket, () => {
    socket.off('readable', take).off('end', left)
    leaveClient?.()
    if (bytes > 0) socket.unshift(Buffer.concat(kept))
  })
}

/** Gives what was read ahead back, for whoever reads the connection from now on. */
export function giveBack(socket: Socket): void {
  readers.get(socket)?.()
  readers.delete(socket)
}

const readers = new WeakMap<Socket, () => void>()
