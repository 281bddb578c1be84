import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createSecureServer } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { openTempFolder } from '../support/temp.ts'
import { drawBytes } from './life-content.ts'
import { Random } from './random.ts'

/** Upstreams whose bodies follow from the number in their target, and that answer a POST with the hash of its body: one without TLS, one with it that knows HTTP/1.1 and HTTP/2. */
export interface SecureUpstreams {
  readonly plainUrl: string
  readonly tlsUrl: string
  /** The certificate that vouches for the one with TLS. */
  readonly caFile: string
  close(): Promise<void>
}

export async function startSecureUpstreams(): Promise<SecureUpstreams> {
  const folder = await openTempFolder()
  const [keyFile, caFile] = [folder.file('key.pem'), folder.file('cert.pem')]
  const asks = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=soak']
  execFileSync('openssl', [...asks, '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', keyFile, '-out', caFile], { stdio: 'pipe' })
  const sockets = new Set<Socket>()
  const plain = createServer((request, response) => void answer(request, response))
  const secure = createSecureServer({ key: readFileSync(keyFile), cert: readFileSync(caFile), allowHTTP1: true })
  // What comes and goes over HTTP/2 does all that is asked of it here as over HTTP/1.1.
  secure.on('request', (request, response) => void answer(request as unknown as IncomingMessage, response as unknown as ServerResponse))
  for (const server of [plain, secure] as const) {
    server.on('connection', (socket: Socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  }
  return {
    plainUrl: `http://127.0.0.1:${String(portOf(plain))}`,
    tlsUrl: `https://127.0.0.1:${String(portOf(secure))}`,
    caFile,
    close: async () => {
      for (const server of [plain, secure]) server.close()
      for (const socket of sockets) socket.destroy()
      await folder.close()
    },
  }
}

/** The pieces of the body that belongs to a number. */
export function piecesOf(number: number): readonly Buffer[] {
  const random = new Random(number)
  return Array.from({ length: random.int(1, 40) }, () => drawBytes(random, random.int(1, random.chance(0.1) ? 60_000 : 2000)))
}

/** What a POST with that body is answered with. */
export function hashOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex')
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') return stream(request.url ?? '', response)
  const parts: Buffer[] = []
  request.on('error', () => undefined)
  response.on('error', () => undefined)
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => response.end(hashOf(Buffer.concat(parts))))
}

async function stream(target: string, response: ServerResponse): Promise<void> {
  const pause = new Random(Date.now())
  response.on('error', () => undefined)
  response.writeHead(200, { 'Content-Type': 'application/octet-stream' })
  for (const piece of piecesOf(Number(/\d+$/.exec(target)?.[0]))) {
    if (response.destroyed) return
    response.write(piece)
    await new Promise((resolve) => setTimeout(resolve, pause.int(0, 100)))
  }
  response.end()
}

function portOf(server: Pick<Server, 'address'>): number {
  return (server.address() as AddressInfo).port
}
