import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { directRouteId, isFramingField, redactedMarker } from '../../proxy-core/contract/requests.ts'
import type { ExchangeHeads } from '../../proxy-core/contract/rows.ts'
import { withoutMarkers, type HeaderRow, type RequestDraft } from './request-draft.ts'

/** A request as it was captured, made ready to be sent once more. */
export interface CapturedRequest {
  readonly draft: RequestDraft
  /** The body as it was, or null for none; the draft holds it as text where it is text. */
  readonly body: Uint8Array<ArrayBuffer> | null
  /** What the draft lacks, in sentences. */
  readonly gaps: readonly string[]
  /** Whether draft and body together are all that was sent. */
  readonly isWhole: boolean
}

/** The body of a request as far as it is kept. */
export interface CapturedBody {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly isWhole: boolean
}

/** A draft from the heads and the body of an exchange; secrets were never kept, so their values are empty. `ownHost` is the listener's. */
export function capturedRequest(exchange: Exchange, heads: ExchangeHeads, body: CapturedBody, ownHost: string): CapturedRequest {
  const redacted: string[] = []
  const gaps: string[] = []
  const isDirect = exchange.routeId === directRouteId
  const headers = heads.requestReceived.flatMap(([name, value]): HeaderRow[] => {
    const lower = name.toLowerCase()
    if (isFramingField(name) || lower === 'sluice-token') return []
    if (lower === 'host' && (isDirect || value === ownHost)) return []
    if (!value.includes(redactedMarker)) return [{ name, value: textOfField(value) }]
    redacted.push(name)
    return [{ name, value: '' }]
  })
  const { url, parts } = withoutMarkers(
    isDirect && exchange.upstream !== null ? originOf(exchange.upstream) + exchange.target : exchange.target,
  )
  const missing = [...redacted, ...parts]
  if (missing.length > 0) gaps.push(`${listOf(missing)} ${missing.length === 1 ? 'is a secret and was' : 'are secrets and were'} not kept.`)
  if (exchange.status === 101) gaps.push('It was a WebSocket; what is sent from here is its request alone.')
  const text = textOf(body.bytes)
  if (!body.isWhole) gaps.push('Its body is not kept in whole.')
  else if (text === null) gaps.push('Its body is not text, so that it can’t be shown here.')
  const draft: RequestDraft = {
    method: exchange.method,
    url,
    headers,
    body: (body.isWhole && text) || '',
    buffering: 'route',
    reconnects: false,
  }
  const isWhole = missing.length === 0 && body.isWhole && exchange.status !== 101
  return { draft, body: body.isWhole && body.bytes.length > 0 ? body.bytes : null, gaps, isWhole }
}

/** The buffering that an exchange was not sent with at last. */
export function otherBuffering({ decisions }: Pick<Exchange, 'decisions'>): 'off' | 'on' {
  return decisions.at(-1)?.mode === 'on' ? 'off' : 'on'
}

function originOf(url: string): string {
  // Not `URL.canParse`, which is younger than some of the runtimes that the window runs in.
  try {
    return new URL(url).origin
  } catch {
    return ''
  }
}

/** Field values are captured a character for each byte; most that go beyond ASCII are UTF-8. */
function textOfField(value: string): string {
  return textOf(Uint8Array.from(value, (character) => character.charCodeAt(0))) ?? value
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`
}
