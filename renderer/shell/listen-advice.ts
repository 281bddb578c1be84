import type { ListenerStatus } from '../../proxy-core/contract/events.ts'

/** What a person can do about an address that cannot be listened on. */
export function listenAdvice(listener: Pick<ListenerStatus, 'error'>, file: string | null): string {
  const place = file === null ? 'the config' : file
  const code = listener.error?.code
  if (code === 'port-in-use') {
    return `Close the program that uses the port, and listening starts by itself; or write another port under listen in ${place}.`
  }
  if (code === 'address-unavailable') {
    return `This machine does not have that address, or may not use that port. Write another one under listen in ${place}, such as 127.0.0.1:9080.`
  }
  return `The address is set under listen in ${place}.`
}
