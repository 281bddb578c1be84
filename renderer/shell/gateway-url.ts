import type { GatewayStatus } from '../../proxy-core/contract/events.ts'

/** Where a client reaches the gateway with the least to set up: plain HTTP before TLS; null while nothing is listened on. */
export function gatewayUrl(status: Pick<GatewayStatus, 'listeners'> | null): string | null {
  const urls = status?.listeners.flatMap((listener) => listener.url ?? []) ?? []
  return urls.find((url) => url.startsWith('http://')) ?? urls[0] ?? null
}
