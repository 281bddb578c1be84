import type { Socket } from 'node:net'
import { openSocket, readBuffer, requestHead, wait } from './load-sockets.ts'
import { cpuUs } from './process-cost.ts'
import { monotonicUs, type Fetched, type FetchOrder, type Requested, type RequestsOrder, type UploadOrder } from './process-messages.ts'
import { sendPieces } from './send-pieces.ts'

/** A hop that has not carried a body by then never will. */
const bodyTimeoutMs = 60_000
/** Ends each small JSON body, and stands nowhere else. */
const jsonEnd = '"end":true}'

/** Fetches one large body. */
export function fetchLarge({ port, bytes }: FetchOrder): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    const startUs = monotonicUs()
    let received = 0
    const socket = openSocket(port, requestHead(port, `GET /large?bytes=${String(bytes)}`), (count) => {
      received += count
      if (received < bytes) return
      socket.destroy()
      resolve({ bytesPerSecond: received / ((monotonicUs() - startUs) / 1_000_000) })
    })
    socket.setTimeout(bodyTimeoutMs, () => socket.destroy())
    socket.on('close', () => reject(new Error(`A large body ended after ${String(received)} bytes.`)))
  })
}

/** Sends one large body; it has arrived when the upstream, which counts its bytes, answers. */
export function uploadLarge({ port, bytes }: UploadOrder): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    const startUs = monotonicUs()
    let answer = ''
    const head = requestHead(port, 'POST /upload', `Content-Length: ${String(bytes)}\r\n`)
    const socket = openSocket(port, head, (count) => {
      answer += readBuffer.toString('latin1', 0, count)
      if (!answer.includes('\r\n\r\n')) return
      socket.destroy()
      if (answer.startsWith('HTTP/1.1 200')) resolve({ bytesPerSecond: bytes / ((monotonicUs() - startUs) / 1_000_000) })
      else reject(new Error(`An upload was answered with ${answer.slice(0, 60)}`))
    })
    socket.setTimeout(bodyTimeoutMs, () => socket.destroy())
    socket.on('close', () => reject(new Error('The connection was closed during an upload.')))
    void sendPieces(socket, bytes)
  })
}

/** Keeps so many connections busy with small requests. */
export async function requestOften({ port, pid, connections, settleMs, measureMs }: RequestsOrder): Promise<Requested> {
  let answers = 0
  const head = requestHead(port, 'GET /json', 'Accept: application/json\r\n')
  const sockets = Array.from({ length: connections }, () => {
    let rest = ''
    const socket: Socket = openSocket(port, head, (count) => {
      const text = rest + readBuffer.toString('latin1', 0, count)
      if (!text.includes(jsonEnd)) {
        rest = text
        return
      }
      rest = ''
      answers++
      socket.write(head)
    })
    return socket
  })
  await wait(settleMs)
  const cpuBeforeUs = pid === null ? 0 : cpuUs(pid)
  const answersBefore = answers
  const startUs = monotonicUs()
  await wait(measureMs)
  const seconds = (monotonicUs() - startUs) / 1_000_000
  const cpuSpentUs = pid === null ? 0 : cpuUs(pid) - cpuBeforeUs
  const done = answers - answersBefore
  if (sockets.some((socket) => socket.destroyed)) throw new Error('A connection of small requests was closed.')
  for (const socket of sockets) socket.destroy()
  return { requestsPerSecond: done / seconds, cpuUsPerRequest: pid === null ? null : cpuSpentUs / done }
}
