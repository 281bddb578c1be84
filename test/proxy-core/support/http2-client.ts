import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream, type OutgoingHttpHeaders } from 'node:http2'
import { onTestFinished } from 'vitest'
import { Condition } from '../../support/condition.ts'
import { startGateway, type TestGateway, type TestGatewayOptions } from '../../support/gateway.ts'
import type { ConfigInput } from '../../../proxy-core/contract/config.ts'

/** A gateway with one TLS listener, and what to trust. */
export interface TlsGateway {
  readonly gateway: TestGateway
  readonly port: number
  /** By name, so that the certificate is checked against it. */
  readonly url: string
  readonly ca: string
}

/** Starts a gateway on a TLS address; it is closed with the test. */
export async function startTlsGateway(config: Partial<ConfigInput>, options: TestGatewayOptions = {}): Promise<TlsGateway> {
  const gateway = await startGateway({ listen: ['https://127.0.0.1:0'], ...config }, options)
  onTestFinished(() => gateway.close())
  const port = Number(new URL(gateway.url).port)
  const { certificate } = await gateway.command('listener.trust')
  return { gateway, port, url: `https://localhost:${port}`, ca: certificate }
}

/** Opens an HTTP/2 connection that trusts the gateway's authority alone; it is closed with the test. */
export async function openHttp2(url: string, ca: string): Promise<ClientHttp2Session> {
  const session = connect(url, { ca })
  onTestFinished(() => session.destroy())
  await new Promise((resolve, reject) => session.once('connect', resolve).once('error', reject))
  session.on('error', () => undefined)
  return session
}

/** One request on an HTTP/2 connection, and all that comes of it. */
export class Http2Exchange {
  readonly stream: ClientHttp2Stream
  readonly #condition = new Condition()
  readonly #chunks: Buffer[] = []
  head: Readonly<Record<string, unknown>> | null = null
  /** The fields of the head as they came, names and values in turn. */
  rawHead: readonly string[] = []
  readonly informational: Readonly<Record<string, unknown>>[] = []
  trailers: Readonly<Record<string, unknown>> | null = null
  /** Whether END_STREAM came. */
  hasEnded = false
  /** The code of the RST_STREAM that closed it; 0 where none did. */
  resetCode: number | null = null

  constructor(session: ClientHttp2Session, headers: OutgoingHttpHeaders, options: { isOpen?: boolean } = {}) {
    this.stream = session.request(headers, { endStream: !options.isOpen })
    const changed = (): void => this.#condition.changed()
    this.stream.on('headers', (head) => this.informational.push(head))
    this.stream.on('response', (head, _flags, raw: string[]) => {
      this.head = head
      this.rawHead = raw
      changed()
    })
    this.stream.on('trailers', (trailers: Readonly<Record<string, unknown>>) => (this.trailers = trailers))
    this.stream.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk)
      changed()
    })
    this.stream.on('error', () => undefined)
    this.stream.on('end', () => {
      this.hasEnded = this.stream.rstCode === constants.NGHTTP2_NO_ERROR
      changed()
    })
    this.stream.on('close', () => {
      this.resetCode = this.stream.rstCode ?? 0
      changed()
    })
  }

  get body(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  get status(): unknown {
    return this.head?.[':status']
  }

  async headed(): Promise<this> {
    await this.#condition.until(
      () => this.head !== null || this.resetCode !== null,
      () => 'the head of a response',
    )
    return this
  }

  async untilBytes(count: number): Promise<Buffer> {
    await this.#condition.until(
      () => this.body.length >= count,
      () => `${count} bytes (${this.body.length} now)`,
    )
    return this.body
  }

  async untilText(text: string): Promise<void> {
    await this.#condition.until(
      () => this.body.includes(text),
      () => `${text} in ${this.body.toString().slice(-200)}`,
    )
  }

  async closed(): Promise<this> {
    await this.#condition.until(
      () => this.resetCode !== null,
      () => 'the end of the stream',
    )
    return this
  }
}
