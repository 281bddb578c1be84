import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createSecureServer, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { RouteInput } from '../../../proxy-core/contract/route.ts'
import { Condition } from '../../support/condition.ts'
import { openTempFolder } from '../../support/temp.ts'

/** A key, and a certificate of 127.0.0.1 that vouches for itself. */
export interface TestCertificate {
  readonly key: string
  readonly cert: string
  readonly certFile: string
}

/** Makes a certificate; its files go with the test. */
export async function makeCertificate(): Promise<TestCertificate> {
  const folder = await openTempFolder()
  onTestFinished(() => folder.close())
  const [keyFile, certFile] = [folder.file('key.pem'), folder.file('cert.pem')]
  const asks = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=test']
  execFileSync('openssl', [...asks, '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', keyFile, '-out', certFile], { stdio: 'pipe' })
  return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8'), certFile }
}

/** An upstream that speaks HTTP/2, whose streams a test answers. */
export interface Http2Upstream {
  /** As a route names it. */
  readonly upstream: NonNullable<RouteInput['upstream']>
  /** The fields of a stream's request as they came, pseudo-fields among them. */
  readonly fieldsOf: (stream: ServerHttp2Stream) => readonly string[]
  /** The streams of a path so far, once there are so many. */
  readonly streams: (path: string, count: number) => Promise<ServerHttp2Stream[]>
}

/** Starts an upstream that speaks HTTP/2; it is closed with the test. */
export async function startHttp2Upstream(): Promise<Http2Upstream> {
  const { key, cert, certFile } = await makeCertificate()
  const server = createSecureServer({ key, cert })
  const sessions = new Set<ServerHttp2Session>()
  const arrivals: { readonly path: string; readonly stream: ServerHttp2Stream }[] = []
  const arrived = new Condition()
  server.on('session', (session) => sessions.add(session))
  const fields = new Map<ServerHttp2Stream, readonly string[]>()
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw: readonly string[]) => {
    stream.on('error', () => undefined)
    fields.set(stream, raw)
    arrivals.push({ path: String(headers[':path']), stream })
    arrived.changed()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    for (const session of sessions) session.destroy()
    server.close()
  })
  return {
    upstream: { url: `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`, http2: true, tls: { ca: certFile } },
    fieldsOf: (stream) => fields.get(stream) ?? [],
    streams: (path, count) => {
      const found = () => arrivals.filter((one) => one.path === path).map(({ stream }) => stream)
      return arrived.until(
        () => found().length >= count && found(),
        () => `${String(count)} streams of ${path}`,
      )
    },
  }
}
