/**
 * Every way in which something can be refused or fail, by a stable code.
 * Codes are for programs and never change; the messages that go with them are for people and may.
 */
export const errorCodes = [
  // refusals: the asker's mistake, or a plain "cannot"
  'invalid-input',
  'unknown-command',
  'route-not-found',
  'exchange-not-found',
  'pins-full',
  'history-failed',
  'port-in-use',
  'address-unavailable',
  'config-invalid',
  'config-unwritable',
  'gateway-down',
  // answers to a client before the head of a response
  'bad-request',
  'host-refused',
  'origin-refused',
  'token-required',
  'no-route',
  'loop-detected',
  'method-refused',
  'header-too-large',
  'request-timeout',
  'body-too-large',
  'gateway-stopping',
  // the fate of an exchange
  'client-aborted',
  'upstream-unreachable',
  'upstream-untrusted',
  'upstream-reset',
  'upstream-invalid',
  'upstream-timeout',
  'stopped-here',
  'fault-on-purpose',
  // a bug in the gateway
  'internal',
] as const

/** One of the codes above. */
export type ErrorCode = (typeof errorCodes)[number]

/** What is wrong with one field of an input; `path` leads to it. */
export interface Issue {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** The plain form of an error, as it crosses threads and is shown. */
export interface ErrorReport {
  readonly code: ErrorCode
  readonly message: string
  readonly issues?: readonly Issue[]
}

/** The answer to a command: its value, or why not. */
export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorReport }

/** A refusal. Anything else that is thrown is a bug. */
export class GatewayError extends Error {
  readonly code: ErrorCode
  readonly issues: readonly Issue[] | undefined

  constructor(code: ErrorCode, message: string, issues?: readonly Issue[]) {
    super(message)
    this.name = 'GatewayError'
    this.code = code
    this.issues = issues
  }

  /** This error in its plain form. */
  report(): ErrorReport {
    return { code: this.code, message: this.message, ...(this.issues ? { issues: this.issues } : {}) }
  }
}
