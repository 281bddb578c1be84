import { fieldValues } from '../headers.ts'

/** How two sides agreed to compress (RFC 7692 §7.1): whether a message may refer to those before it, by direction. */
export interface DeflateTerms {
  readonly toUpstream: boolean
  readonly toClient: boolean
}

/** What the head of a switch to WebSocket agrees on; null when messages are not compressed. */
export function deflateTerms(responseFields: readonly string[]): DeflateTerms | null {
  for (const extension of fieldValues(responseFields, 'sec-websocket-extensions').join(',').split(',')) {
    const [name, ...parameters] = extension.split(';').map((part) => part.trim().toLowerCase())
    if (name !== 'permessage-deflate') continue
    return { toUpstream: !parameters.includes('client_no_context_takeover'), toClient: !parameters.includes('server_no_context_takeover') }
  }
  return null
}
