/** What the client must see of a hostile response. Whatever it is, the next exchange is served as if nothing had happened. */
export type ResponseOutcome =
  /** An error of the gateway's own with one of these codes, and none of what the upstream sent. */
  | { readonly type: 'refused'; readonly codes: readonly string[] }
  /** This response, whole, and nothing after it. */
  | { readonly type: 'passed'; readonly response: PassedResponse }
  /** The head and a part of the body, then the connection is cut. */
  | { readonly type: 'cut'; readonly body: string }

/** A response as the client must see it. */
export interface PassedResponse {
  readonly status: number
  readonly body: string
  /** Fields with exactly these values; null is a field that must not be there. */
  readonly fields: Readonly<Record<string, string | null>>
  /** How many interim responses come before it. */
  readonly interim: number
}

/** A response as bytes, the rule that it breaks or strains, and what must come of it. */
export interface ResponseCase {
  readonly name: string
  readonly rule: string
  readonly method: string
  /** Each character is one byte. */
  readonly send: string
  /** What follows when the client has its answer, unasked for. */
  readonly later: string
  /** What becomes of the connection then. */
  readonly end: 'stays' | 'closes' | 'resets'
  readonly outcome: ResponseOutcome
}

type Circumstances = Partial<Pick<ResponseCase, 'method' | 'later' | 'end'>>

/** A case whose head can't be trusted. */
export function refused(rule: string, name: string, send: string, circumstances: Circumstances = {}): ResponseCase {
  return { ...whole(rule, name, send, circumstances), outcome: { type: 'refused', codes: ['upstream-invalid'] } }
}

/** A case whose connection ends before there is a head. */
export function unanswered(rule: string, name: string, send: string, circumstances: Circumstances = {}): ResponseCase {
  const outcome = { type: 'refused', codes: ['upstream-reset', 'upstream-invalid'] } as const
  return { ...whole(rule, name, send, { end: 'closes', ...circumstances }), outcome }
}

/** A case whose body breaks off, or turns out to be broken; `body` is what was good of it. */
export function cut(rule: string, name: string, send: string, body: string, circumstances: Circumstances = {}): ResponseCase {
  return { ...whole(rule, name, send, circumstances), outcome: { type: 'cut', body } }
}

/** A case that is passed on; without more said with status 200 and the body `body`. */
export function passed(
  rule: string,
  name: string,
  send: string,
  response: Partial<PassedResponse> = {},
  circumstances: Circumstances = {},
): ResponseCase {
  const outcome = { type: 'passed', response: { status: 200, body: 'body', fields: {}, interim: 0, ...response } } as const
  return { ...whole(rule, name, send, circumstances), outcome }
}

/** A head with these lines after `HTTP/1.1 200 OK`, and what follows it. */
export function ok(lines: readonly string[], rest = ''): string {
  return answer('HTTP/1.1 200 OK', lines, rest)
}

/** A start line and these lines, and what follows the head. */
export function answer(startLine: string, lines: readonly string[], rest = ''): string {
  return [startLine, ...lines, '', ''].join('\r\n') + rest
}

/** A response that the next exchange must never get. */
export const poison = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\nX-Poison: 1\r\n\r\npoison'

function whole(rule: string, name: string, send: string, circumstances: Circumstances): Omit<ResponseCase, 'outcome'> {
  return { rule, name, send, method: 'GET', later: '', end: 'stays', ...circumstances }
}
