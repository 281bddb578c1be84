import type { ServerResponse } from 'node:http'
import { GatewayError } from '../contract/errors.ts'
import { redactedMarker } from '../contract/requests.ts'
import type { HeaderField } from '../contract/rows.ts'
import type { ExchangeRecord } from '../exchange-record.ts'
import { startLoopbackServer, type LoopbackServer } from '../loopback-server.ts'
import type { Recordings } from './recordings.ts'

/**
 * Starts the upstream that plays recordings. The first two parts of a path are the name of a recording and the speed; what follows is not
 * looked at.
 */
export function startReplayUpstream(recordings: Recordings): Promise<LoopbackServer> {
  return startLoopbackServer((request, response) => {
    const [, name = '', speed = '1'] = (request.url ?? '').split(/[/?]/)
    request.resume()
    recordings
      .open(name)
      .then((record) => play(record, speed === 'max' ? Number.POSITIVE_INFINITY : Number(speed), request.method === 'HEAD', response))
      .catch((error: unknown) => refuse(response, error))
  })
}

/** Sends a recorded response with the pauses that it had; speed is how many times as fast. */
async function play({ exchange, heads, response }: ExchangeRecord, speed: number, isHead: boolean, client: ServerResponse): Promise<void> {
  const startedAt = performance.now()
  let isGone = false
  let wake = (): void => {}
  client.once('close', () => {
    isGone = true
    wake()
  })
  const until = async (at: number): Promise<void> => {
    const restMs = startedAt + (at - exchange.startedAt) / speed - performance.now()
    if (restMs <= 0 || isGone) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, restMs)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
  await until(exchange.respondedAt ?? exchange.startedAt)
  if (isGone) return
  client.writeHead(
    statusOf(exchange),
    fieldsOf(heads.responseReceived.length > 0 ? heads.responseReceived : heads.responseSent, exchange.contentType),
  )
  client.flushHeaders()
  if (!isHead) {
    for (const [index, chunk] of (response?.chunks ?? []).entries()) {
      await until(response?.arrivedAt[index] ?? exchange.startedAt)
      if (isGone) return
      if (typeof chunk === 'number' || client.write(chunk)) continue
      await new Promise<void>((resolve) => {
        wake = resolve
        client.once('drain', resolve)
      })
    }
  }
  if (isGone) return
  await until(exchange.endedAt ?? exchange.startedAt)
  if (exchange.state !== 'failed') {
    client.end()
    return
  }
  // What was cut short is cut short again, when all before the cut has gone out.
  client.socket?.write('', () => client.destroy())
}

/** An imported file may tell of one that no final response has. */
function statusOf({ status }: ExchangeRecord['exchange']): number {
  return status === null || status < 200 ? 200 : status
}

/**
 * The recorded fields but those of the connection, of the framing and of the coding, for the body is recorded decoded; and but what an
 * imported file calls a field and HTTP does not.
 */
function fieldsOf(fields: readonly HeaderField[], contentType: string | null): string[] {
  const kept = fields.filter(
    ([name, value]) => token.test(name) && isSendable(value) && !leftOut.test(name) && !value.includes(redactedMarker),
  )
  const hasType = kept.some(([name]) => name.toLowerCase() === 'content-type')
  return [...kept.flat(), ...(hasType || contentType === null || !isSendable(contentType) ? [] : ['Content-Type', contentType])]
}

function isSendable(value: string): boolean {
  return !/[^\t\x20-\x7e\x80-\xff]/.test(value)
}

const token = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/

const leftOut =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|via|content-length|content-encoding|date|set-cookie)$/i

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const message = error instanceof GatewayError ? error.message : 'The recording can not be read.'
  const body = JSON.stringify({ error: { code: 'recording-unreadable', message } })
  response.writeHead(404, { 'Content-Type': 'application/json' }).end(body)
}
