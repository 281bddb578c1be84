import type { ServerHttp2Stream } from 'node:http2'
import { expect } from 'vitest'
import { request } from '../../support/client.ts'

/** A stream that an upstream over HTTP/2 goes on with while it leaves others out. */
export interface KeptStream {
  readonly kept: ServerHttp2Stream
  /** Ends it; the client has all of it. */
  readonly finish: () => Promise<void>
}

/** Opens an event stream through a gateway, with one event of two sent. `stream` is the upstream's, by its path. */
export async function openKeptStream(url: string, stream: (path: string) => Promise<ServerHttp2Stream>): Promise<KeptStream> {
  const response = request(`${url}/kept`)
  const kept = await stream('/kept')
  kept.respond({ ':status': 200, 'content-type': 'text/event-stream' })
  kept.write('data: one\n\n')
  return {
    kept,
    finish: async () => {
      kept.end('data: two\n\n')
      expect((await (await response).readAll()).toString()).toBe('data: one\n\ndata: two\n\n')
    },
  }
}
