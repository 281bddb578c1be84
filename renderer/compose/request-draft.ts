import { redactField, redactTarget } from '../../proxy-core/contract/redact.ts'
import { redactedMarker, type RequestToSend, type SentReply } from '../../proxy-core/contract/requests.ts'

/** One header row of the request panel. */
export interface HeaderRow {
  readonly name: string
  readonly value: string
}

/** A request as it is being written. */
export interface RequestDraft {
  readonly method: string
  readonly url: string
  readonly headers: readonly HeaderRow[]
  readonly body: string
  readonly buffering: 'route' | 'off' | 'on'
  readonly reconnects: boolean
}

/** The command that sends a draft; characters beyond ASCII go out as UTF-8, percent-encoded in the URL. */
export function requestOf(draft: RequestDraft): RequestToSend {
  return {
    method: draft.method.trim(),
    url: encodedUrl(draft.url.trim()),
    headers: draft.headers.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), byteString(value)]),
    body: draft.body === '' ? null : draft.body,
    buffering: draft.buffering === 'route' ? null : draft.buffering,
    reconnects: draft.reconnects && draft.method.trim() === 'GET',
  }
}

/** Longer bodies are not remembered. */
const mostBodyCharacters = 65_536

/** A draft as it may be kept: without what the gateway called a secret when it was sent. */
export function keptDraft(draft: RequestDraft, { url, headers }: Pick<SentReply, 'url' | 'headers'>): RequestDraft {
  const named = draft.headers.filter(({ name }) => name.trim() !== '')
  return {
    ...draft,
    url: url.includes(redactedMarker) ? withoutMarkers(url).url : draft.url,
    headers: named.filter((_, index) => headers[index]?.[1].includes(redactedMarker) === false),
    body: draft.body.length > mostBodyCharacters ? '' : draft.body,
  }
}

/** A draft with its secrets in headers and in the URL replaced by the marker, and what of it they are; the body is as it was. */
export function redactedDraft(draft: RequestDraft): { readonly draft: RequestDraft; readonly secrets: readonly string[] } {
  const url = redactTarget(draft.url)
  const headers = draft.headers.map(({ name, value }) => ({ name, value: redactField(name.trim(), value) }))
  const secrets = headers.filter(({ value }, index) => value !== draft.headers[index]?.value).map(({ name }) => name.trim())
  if (url !== draft.url) secrets.push('a part of the URL')
  return { draft: { ...draft, url, headers }, secrets }
}

/** A URL with its redacted parts emptied, and what they were called. */
export function withoutMarkers(url: string): { url: string; parts: string[] } {
  const parts: string[] = []
  const marker = redactedMarker.replaceAll(/[[\]]/g, String.raw`\$&`)
  const opened = url.replaceAll(new RegExp(`([^?&;#=]*)=${marker}[^&;#]*`, 'g'), (_, name: string) => {
    parts.push(`${name} in the URL`)
    return `${name}=`
  })
  if (!opened.includes(redactedMarker)) return { url: opened, parts }
  return { url: opened.replaceAll(redactedMarker, ''), parts: [...parts, 'A part of the URL'] }
}

/** Where JSON goes wrong, in words; null when the text is JSON or is not meant to be. */
export function jsonProblem(body: string): string | null {
  if (!/^\s*[[{]/.test(body)) return null
  try {
    JSON.parse(body)
    return null
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    const position = /position (\d+)/.exec(message)?.[1]
    if (position === undefined) return 'This is not valid JSON.'
    const before = body.slice(0, Number(position)).split('\n')
    return `This is not valid JSON: line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}.`
  }
}

function encodedUrl(url: string): string {
  return url.replaceAll(/[^\x21-\x7e]+/g, (part) => encodeURIComponent(part))
}

/** The UTF-8 bytes of a text, one character each. */
function byteString(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
}
