/** What must come of a hostile request. Wherever it is not `passed` or `cut`, the upstream sees nothing. */
export type RequestOutcome =
  /** An error in JSON, once, and the connection is closed. */
  | { readonly type: 'refused'; readonly status: readonly number[] }
  /** The gateway's own answer, after which the connection serves the next request. */
  | { readonly type: 'answered'; readonly status: readonly number[] }
  /** The upstream sees exactly this one request, and the connection serves the next one. */
  | { readonly type: 'passed'; readonly request: PassedRequest }
  /** The head may have passed before the fault showed: the upstream sees no more than one request, and never its end. */
  | { readonly type: 'cut'; readonly status: readonly number[] }

/** A request as the upstream must see it. */
export interface PassedRequest {
  readonly method: string
  readonly target: string
  readonly body: string
  /** Fields with exactly these values; null is a field that must not be there. */
  readonly fields: Readonly<Record<string, string | null>>
  /** The connection is closed after the answer. */
  readonly closes: boolean
}

/** A request as bytes, the rule that it breaks or strains, and what must come of it. */
export interface RequestCase {
  readonly name: string
  readonly rule: string
  /** Each character is one byte. */
  readonly send: string
  /** The client ends its side after that. */
  readonly ends?: boolean
  readonly outcome: RequestOutcome
}

/** A case that is refused, and whose connection is closed. */
export function refused(status: number | readonly number[], rule: string, name: string, send: string): RequestCase {
  return { name, rule, send, outcome: { type: 'refused', status: [status].flat() } }
}

/** A case that the gateway answers itself, without closing. */
export function answered(status: number | readonly number[], rule: string, name: string, send: string): RequestCase {
  return { name, rule, send, outcome: { type: 'answered', status: [status].flat() } }
}

/** A case whose body breaks off, or turns out to be broken. */
export function cut(status: number | readonly number[], rule: string, name: string, send: string): RequestCase {
  return { name, rule, send, outcome: { type: 'cut', status: [status].flat() } }
}

/** A case that the client does not send to its end. */
export function broken(rule: string, name: string, send: string): RequestCase {
  return { ...cut(400, rule, name, send), ends: true }
}

/** A case that is forwarded; without more said as `GET /case` without a body. */
export function passed(rule: string, name: string, send: string, request: Partial<PassedRequest> = {}): RequestCase {
  const whole = { method: 'GET', target: '/case', body: '', fields: {}, closes: false, ...request }
  return { name, rule, send, outcome: { type: 'passed', request: whole } }
}

/** A head with these lines after `GET /case`, and what follows it. */
export function get(lines: readonly string[] = [], rest = ''): string {
  return message('GET /case HTTP/1.1', lines, rest)
}

/** The same with POST. */
export function post(lines: readonly string[] = [], rest = ''): string {
  return message('POST /case HTTP/1.1', lines, rest)
}

/** A start line, a Host and these lines, and what follows the head. */
export function message(startLine: string, lines: readonly string[] = [], rest = ''): string {
  return [startLine, 'Host: localhost', ...lines, '', ''].join('\r\n') + rest
}

/** A request that hides in what an attacker wants to be read as a body by one hop and as a request by the next. */
export const hidden = 'GET /smuggled HTTP/1.1\r\nHost: localhost\r\nX-Hidden: 1\r\n\r\n'
