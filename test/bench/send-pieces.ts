import type { Socket } from 'node:net'

const piece = Buffer.alloc(262_144, 0x78)

/** Writes so many bytes to a socket, as fast as it takes them. */
export async function sendPieces(socket: Socket, bytes: number): Promise<void> {
  for (let left = bytes; left > 0 && !socket.destroyed; left -= piece.length) {
    if (socket.write(piece.subarray(0, Math.min(left, piece.length)))) continue
    await new Promise<void>((resolve) => {
      const go = () => {
        socket.off('drain', go)
        socket.off('close', go)
        resolve()
      }
      socket.on('drain', go)
      socket.on('close', go)
    })
  }
}
