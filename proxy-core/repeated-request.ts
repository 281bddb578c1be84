import type { Readable } from 'node:stream'
import { RequestBody } from './request-body.ts'
import { isByGoaway, isUnprocessed, upstreamError } from './upstream-errors.ts'

/**
 * Whether a request without a body that met the end of a connection which others used before may be sent again, on a fresh one: what is
 * idempotent may (RFC 9112 §9.3.1).
 */
export function mayMeetDeadConnection(error: Error, method: string | undefined): boolean {
  return /^(GET|HEAD)$/.test(method ?? '') && upstreamError(error, '', false).report.code === 'upstream-reset'
}

/**
 * What to send as body where an upstream has not processed a request, so that it may be sent again whatever its method; undefined where
 * it may have, or where the body is not there any more. What REFUSED_STREAM met and has no body undici itself sends again.
 */
export function bodyToSendAgain(error: Error, body: RequestBody | Readable | null): Readable | null | undefined {
  if (!isUnprocessed(error)) return undefined
  if (body === null) return isByGoaway(error) ? null : undefined
  return (body instanceof RequestBody ? body.again() : null) ?? undefined
}
