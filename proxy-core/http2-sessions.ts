import { createServer, type ServerHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'
import { answerError } from './error-answer.ts'
import { Http2Outlet } from './http2-outlet.ts'
import { Http2Request } from './http2-request.ts'
import { refusedConnect, unservedRequest } from './malformed-request.ts'
import { watchForReset } from './reset-watch.ts'

/** How HTTP/2 connections are served. */
export interface Http2SessionsOptions {
  readonly maxHeadBytes: number
  /** A connection without streams is closed after so long. */
  readonly idleMs: number
  receive(request: Http2Request, outlet: Http2Outlet): void
}

/** More than a page opens, and few enough that one client can't have everything. */
const maxStreams = 1000
/** What the frames of one connection may take in memory; each stream has at most one chunk under way. */
const maxSessionMegabytes = 128

/** The HTTP/2 connections of one listener (RFC 9113). Resets in quick succession, floods and endless heads are cut off by nghttp2. */
export class Http2Sessions {
  readonly #options: Http2SessionsOptions
  readonly #sessions = new Set<ServerHttp2Session>()
  readonly #server

  constructor(options: Http2SessionsOptions) {
    this.#options = options
    this.#server = createServer({
      maxSessionMemory: maxSessionMegabytes,
      settings: { maxConcurrentStreams: maxStreams, maxHeaderListSize: options.maxHeadBytes, enablePush: false },
    })
  }

  /** Serves a connection on which HTTP/2 was agreed. */
  take(socket: Socket): void {
    watchForReset(socket)
    const adopt = (session: ServerHttp2Session): void => this.#adopt(session, socket)
    this.#server.once('session', adopt)
    this.#server.emit('connection', socket)
    this.#server.off('session', adopt)
  }

  /** Asks clients to open no more streams here (GOAWAY); a connection closes when its last stream has ended. */
  close(): void {
    for (const session of this.#sessions) session.close()
  }

  /** Cuts every connection. */
  destroy(): void {
    for (const session of this.#sessions) session.destroy()
  }

  #adopt(session: ServerHttp2Session, socket: Socket): void {
    let streams = 0
    this.#sessions.add(session)
    // The session's own timer would go on when it has closed, and keep all of it in memory until then.
    const idle = setTimeout(() => {
      if (streams === 0) session.close()
    }, this.#options.idleMs)
    idle.unref()
    session.once('close', () => {
      clearTimeout(idle)
      this.#sessions.delete(session)
    })
    session.on('error', () => undefined)
    session.on('stream', (stream, headers, _flags, received) => {
      streams++
      stream.once('close', () => {
        if (--streams === 0 && !session.destroyed) idle.refresh()
      })
      const method = headers[':method'] ?? ''
      const outlet = new Http2Outlet(stream, method)
      const request = new Http2Request(stream, received, { hasBody: !stream.endAfterHeaders, socket })
      const refusal = method === 'CONNECT' ? refusedConnect : unservedRequest(request)
      if (refusal) answerError(outlet, refusal.status, refusal.error, refusal.fields)
      else this.#options.receive(request, outlet)
    })
  }
}
