import { subscribe } from 'node:diagnostics_channel'
import { constants, type ClientHttp2Stream } from 'node:http2'

/**
 * Lets a stream to an upstream be left before its request is sent.
 *
 * undici closes a stream that it leaves without giving a reason, and destroys it at once. When the request has ended but is not all sent,
 * node:http2 puts off RST_STREAM until it is, which is never: it forgets the stream, and its native part sends empty DATA frames of it
 * without end. With a reason the reset is queued at once.
 */
export function resetLeftStreams(): void {
  subscribe('http2.client.stream.created', onCreated)
}

function onCreated(message: unknown): void {
  const { stream } = message as { readonly stream: ClientHttp2Stream }
  const close = stream.close.bind(stream)
  stream.close = (code, callback) => {
    const isUnsent = stream.writableEnded && !stream.writableFinished
    close(code ?? (isUnsent ? constants.NGHTTP2_INTERNAL_ERROR : constants.NGHTTP2_NO_ERROR), callback)
  }
}
