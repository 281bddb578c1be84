import type { Exchange, ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { invoke } from '../gateway.ts'
import { copyText } from '../parts/copy-text.ts'
import { showToast } from '../parts/toast.tsx'
import { reportRefusal } from '../routes/route-actions.ts'
import { gatewayUrl } from '../shell/gateway-url.ts'
import { gatewayStore } from '../state/gateway-store.ts'
import { composeFrom, selectExchange } from '../state/view-store.ts'
import { capturedRequest, otherBuffering, type CapturedBody, type CapturedRequest } from './captured-request.ts'
import { curlOf, eventSourceOf, fetchOf } from './copy-request.ts'
import { requestOf } from './request-draft.ts'

/** Opens the request panel with the request of an exchange. */
export function sendAgain(exchange: Exchange): void {
  readCaptured(exchange).then(({ draft, gaps }) => composeFrom(draft, gaps), reportRefusal)
}

/** Sends the request of an exchange at once with the other buffering; where something of it is missing, the panel asks for that first. */
export function sendWithOtherBuffering(exchange: Exchange, onSent: (id: ExchangeId) => void = selectExchange): void {
  const buffering = otherBuffering(exchange)
  readCaptured(exchange)
    .then(async ({ draft, body, gaps, isWhole }) => {
      if (!isWhole) return composeFrom({ ...draft, buffering }, gaps, onSent)
      const { exchangeId } = await invoke('request.send', { ...requestOf({ ...draft, buffering }), body })
      if (exchangeId !== null) onSent(exchangeId)
    })
    .catch(reportRefusal)
}

/** Copies the request of an exchange as something to run elsewhere; secrets were not kept and are left out. */
export function copyExchange(exchange: Exchange, as: 'curl' | 'fetch' | 'EventSource'): void {
  readCaptured(exchange).then(({ draft, gaps }) => {
    const base = ownUrl()
    const source = eventSourceOf({ ...draft, headers: as === 'EventSource' ? draft.headers.filter(isOfEventSource) : draft.headers }, base)
    if (as === 'EventSource' && 'reason' in source) return showToast({ title: source.reason })
    const text = as === 'curl' ? curlOf(draft, base) : as === 'fetch' ? fetchOf(draft, base) : 'code' in source ? source.code : ''
    copyText(text, () => showToast({ title: `Copied as ${as}`, ...(gaps.length > 0 ? { description: gaps.join(' ') } : {}) }))
  }, reportRefusal)
}

/** What a browser adds by itself, or another program in its place, is no reason against an EventSource. */
function isOfEventSource({ name }: { readonly name: string }): boolean {
  return !/^(accept-.*|sec-.*|pragma|origin|referer|dnt|priority|cookie|last-event-id)$/i.test(name)
}

const stretchBytes = 1_048_576

async function readCaptured(exchange: Exchange): Promise<CapturedRequest> {
  const { id } = exchange
  const [heads, body] = await Promise.all([invoke('exchange.heads', { id }), readBody(exchange)])
  return capturedRequest(exchange, heads, body, new URL(ownUrl()).host)
}

async function readBody({ id, requestBytes }: Exchange): Promise<CapturedBody> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  let at = 0
  let isWhole = true
  while (at < requestBytes) {
    const { from, bytes } = await invoke('exchange.body', { id, side: 'request', from: at, to: Math.min(requestBytes, at + stretchBytes) })
    if (from !== at || bytes.length === 0) {
      isWhole = false
      break
    }
    parts.push(new Uint8Array(bytes))
    at += bytes.length
  }
  return { bytes: new Uint8Array(await new Blob(parts).arrayBuffer()), isWhole }
}

function ownUrl(): string {
  return gatewayUrl(gatewayStore.getState().status) ?? 'http://127.0.0.1:9080'
}
