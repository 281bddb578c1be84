import { startUpstream, type Upstream } from '../../support/upstream.ts'

/** An upstream that ticks, and the config of a route called Ticks that leads to it and does not hold. */
export interface Ticks {
  readonly upstream: Upstream
  readonly config: string
}

/** Starts an upstream that sends an event every so many milliseconds, `count` of them or until its client leaves. */
export async function startTicks(everyMs: number, event: (id: number) => string, count = Number.POSITIVE_INFINITY): Promise<Ticks> {
  const upstream = await startUpstream(async (exchange) => {
    await exchange.eventStream()
    for (let id = 1; id <= count && !exchange.isClosed; id++) {
      await exchange.chunk(event(id))
      await new Promise((resolve) => setTimeout(resolve, everyMs))
    }
    exchange.end()
  })
  const config = `version: 1
routes:
  - id: ticks
    name: Ticks
    match: { path: /ticks }
    upstream: ${upstream.url}
    buffering: { response: off, holdBytes: null }
`
  return { upstream, config }
}
