import type { Exchange, ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { invoke } from '../gateway.ts'
import { copyText } from '../parts/copy-text.ts'
import { showToast } from '../parts/toast.tsx'
import { reportRefusal } from '../routes/route-actions.ts'
import { gatewayUrl } from '../shell/gateway-url.ts'
import { gatewayStore } from '../state/gateway-store.ts'
import { composeFrom, openComparison, selectExchange } from '../state/view-store.ts'
import { capturedRequest, otherBuffering, type CapturedBody, type CapturedRequest } from './captured-request.ts'
import { copiedAs, type CopyForm } from './copy-request.ts'
import { redactedDraft, requestOf } from './request-draft.ts'

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

/** Sends the request of an exchange with the other buffering, and shows both side by side. */
export function sendAndCompare(exchange: Exchange): void {
  sendWithOtherBuffering(exchange, (id) => {
    selectExchange(id)
    openComparison(exchange.id, id)
  })
}

/** Copies the request of an exchange as something to run elsewhere. What a route's capture left readable of its secrets goes along only if asked for. */
export function copyExchange(exchange: Exchange, form: CopyForm, withSecrets: boolean): void {
  readCaptured(exchange).then(({ draft, gaps }) => {
    const redacted = redactedDraft(draft)
    const shown = withSecrets ? draft : redacted.draft
    const made = copiedAs(form, form === 'EventSource' ? { ...shown, headers: shown.headers.filter(isOfEventSource) } : shown, ownUrl())
    if ('reason' in made) return showToast({ title: made.reason })
    const left = withSecrets || redacted.secrets.length === 0 ? [] : [`Without secrets: ${redacted.secrets.join(', ')}.`]
    const notes = [...gaps, ...left].join(' ')
    copyText(made.code, () => showToast({ title: `Copied as ${form}`, ...(notes === '' ? {} : { description: notes }) }))
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
