import { createServer, type AddressInfo, type Socket } from 'node:net'
import { monotonicUs, type Closes } from './process-messages.ts'
import { sendPieces } from './send-pieces.ts'

/** Ticks this far apart share out the streams, so that events do not come in one burst per period. */
const tickMs = 2
const jsonBody = JSON.stringify({ id: 'order-1', items: ['a', 'b', 'c'], total: 12.5, note: 'x'.repeat(100), end: true })
const jsonAnswer = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${String(jsonBody.length)}\r\n\r\n${jsonBody}`

/** Sends one event to each of its streams per period, a few streams at each tick. */
class Pacer {
  readonly #groups: Set<Socket>[]
  readonly #groupUs: number
  #next = 0
  #dueUs = monotonicUs()
  #events = 0
  readonly #eventBytes: number

  constructor(eventsPerSecond: number, eventBytes: number) {
    this.#eventBytes = eventBytes
    const groups = Math.max(1, Math.round(1000 / eventsPerSecond / tickMs))
    this.#groups = Array.from({ length: groups }, () => new Set<Socket>())
    this.#groupUs = 1_000_000 / eventsPerSecond / groups
    setInterval(() => this.#tick(), tickMs)
  }

  add(socket: Socket): void {
    const group = this.#groups.reduce((least, other) => (other.size < least.size ? other : least))
    group.add(socket)
    socket.once('close', () => group.delete(socket))
  }

  #tick(): void {
    const nowUs = monotonicUs()
    // After a pause of the machine the streams go on at their pace; what was missed is not made up for in one burst.
    if (nowUs - this.#dueUs > 100_000) this.#dueUs = nowUs
    for (; this.#dueUs <= nowUs; this.#dueUs += this.#groupUs) {
      for (const socket of this.#groups[this.#next] as Set<Socket>) socket.write(eventChunk(++this.#events, this.#eventBytes), 'latin1')
      this.#next = (this.#next + 1) % this.#groups.length
    }
  }
}

const pacers = new Map<string, Pacer>()
let closedAtUs: Record<string, number> = {}

const server = createServer({ noDelay: true }, (socket) => {
  let request = ''
  let bodyBytesLeft = 0
  socket.on('error', () => socket.destroy())
  socket.on('data', (bytes: Buffer) => {
    if (bodyBytesLeft > 0) {
      bodyBytesLeft -= bytes.length
      if (bodyBytesLeft <= 0) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
      return
    }
    request += bytes.toString('latin1')
    const end = request.indexOf('\r\n\r\n')
    if (end === -1) return
    if (request.startsWith('POST ')) {
      bodyBytesLeft = Number(/content-length: (\d+)/i.exec(request)?.[1]) - (request.length - end - 4)
      request = ''
      return
    }
    const target = new URL(request.split(' ')[1] ?? '/', 'http://upstream')
    request = ''
    answer(socket, target)
  })
})

function answer(socket: Socket, { pathname, searchParams }: URL): void {
  if (pathname === '/json') {
    socket.write(jsonAnswer)
    return
  }
  if (pathname === '/large') {
    const bytes = Number(searchParams.get('bytes'))
    socket.write(`HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: ${String(bytes)}\r\n\r\n`)
    void sendPieces(socket, bytes)
    return
  }
  const id = searchParams.get('id') ?? ''
  const onClose = () => (closedAtUs[id] ??= monotonicUs())
  socket.once('end', onClose)
  socket.once('close', onClose)
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n'
  const eventsPerSecond = Number(searchParams.get('rate'))
  const eventBytes = Number(searchParams.get('bytes'))
  socket.write(head + eventChunk(0, eventBytes), 'latin1')
  if (eventsPerSecond === 0) return
  const kind = `${String(eventsPerSecond)} ${String(eventBytes)}`
  const pacer = pacers.get(kind) ?? new Pacer(eventsPerSecond, eventBytes)
  pacers.set(kind, pacer)
  pacer.add(socket)
}

/** One event of a fixed length that says when it was sent, as one chunk. */
function eventChunk(id: number, eventBytes: number): string {
  const start = `id: ${String(id)}\nevent: message\ndata: {"sent":"${String(monotonicUs()).padStart(16, '0')}","text":"`
  return `${eventBytes.toString(16)}\r\n${start.padEnd(eventBytes - 4, 'x')}"}\n\n\r\n`
}

// Without the benchmark that started it there is nothing to do.
process.on('disconnect', () => process.exit())
process.on('message', () => {
  process.send?.({ closedAtUs } satisfies Closes)
  closedAtUs = {}
})

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => process.send?.({ port: (server.address() as AddressInfo).port }))
