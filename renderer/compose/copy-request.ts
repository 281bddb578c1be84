import { shellQuoted } from './curl-words.ts'
import { requestOf, type RequestDraft } from './request-draft.ts'

/** What a request can be copied as. */
export const copyForms = ['curl', 'fetch', 'EventSource'] as const
export type CopyForm = (typeof copyForms)[number]

/** A request as code to run elsewhere, or why it can't be that. */
export function copiedAs(form: CopyForm, draft: RequestDraft, base: string): { readonly code: string } | { readonly reason: string } {
  if (form === 'EventSource') return eventSourceOf(draft, base)
  return { code: form === 'curl' ? curlOf(draft, base) : fetchOf(draft, base) }
}

/** A request as a curl line for a POSIX shell; `base` is where a path leads. */
export function curlOf(draft: RequestDraft, base: string): string {
  const { headers, body, url } = requestOf(draft)
  const given = new Set(headers.map(([name]) => name.toLowerCase()))
  const written = draft.headers.filter(({ name }) => name.trim() !== '')
  // curl adds these by itself, and would send what is not in the draft.
  const added = ['Accept', 'User-Agent', ...(body === null ? [] : ['Content-Type'])].filter((name) => !given.has(name.toLowerCase()))
  const usual = body === null ? 'GET' : 'POST'
  const parts = [
    'curl -N -g --path-as-is',
    draft.method === usual ? '' : draft.method === 'HEAD' ? '-I' : `-X ${shellQuoted(draft.method)}`,
    shellQuoted(absolute(url, base)),
    ...written.map(({ name, value }) => `-H ${shellQuoted(value === '' ? `${name.trim()};` : `${name.trim()}: ${value}`)}`),
    ...added.map((name) => `-H ${shellQuoted(`${name}:`)}`),
    body === null ? '' : `--data-raw ${shellQuoted(draft.body)}`,
  ]
  return parts.filter(Boolean).join(' ')
}

/** A request as a call of fetch in JavaScript. */
export function fetchOf(draft: RequestDraft, base: string): string {
  const headers = draft.headers.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), value])
  const options = [
    draft.method === 'GET' ? '' : `  method: ${JSON.stringify(draft.method)},\n`,
    headers.length === 0 ? '' : `  headers: ${JSON.stringify(headers)},\n`,
    draft.body === '' ? '' : `  body: ${JSON.stringify(draft.body)},\n`,
  ].join('')
  const url = JSON.stringify(absolute(requestOf(draft).url, base))
  return options === '' ? `await fetch(${url})` : `await fetch(${url}, {\n${options}})`
}

/** A request as an EventSource in JavaScript, or why it can't be one. */
export function eventSourceOf(draft: RequestDraft, base: string): { readonly code: string } | { readonly reason: string } {
  if (draft.method !== 'GET') return { reason: `An EventSource can’t send ${draft.method}.` }
  if (draft.body !== '') return { reason: 'An EventSource can’t send a body.' }
  const other = draft.headers.find(({ name }) => !/^(accept|cache-control|user-agent|host|)$/i.test(name.trim()))
  if (other) return { reason: `An EventSource can’t send the header ${other.name.trim()}.` }
  return { code: `new EventSource(${JSON.stringify(absolute(requestOf(draft).url, base))})` }
}

function absolute(url: string, base: string): string {
  return url.startsWith('/') ? base.replace(/\/$/, '') + url : url
}
