import type { ClientResponse } from '../support/client-response.ts'
import type { Client } from '../support/client.ts'
import type { ConfigEdits } from './config-edits.ts'
import type { Findings } from './findings.ts'
import type { GatewayChild } from './gateway-child.ts'
import type { ExchangeState } from '../../proxy-core/contract/exchange.ts'
import type { LifePlan } from './life-plan.ts'
import { deadRoute, guestRoutes } from './route-draws.ts'
import type { Tally } from './tally.ts'

/** A connection, with whether it was used before and whether it goes to the address that comes and goes. */
export interface Connected {
  readonly client: Client
  readonly isOld: boolean
  readonly isExtra: boolean
}

/** What a life has around it. */
export interface World {
  readonly gateway: GatewayChild
  readonly edits: ConfigEdits
  readonly findings: Findings
  readonly tally: Tally
  /** How long upstreams took to be closed, in ms. */
  readonly closes: number[]
  /** The same in the middle of uploads, whose bytes under way go first. */
  readonly uploadCloses: number[]
  /** A connection for that life; null when it was turned away for a good reason, or for a bad one that was noted. */
  connect(plan: LifePlan): Promise<Connected | null>
  /** A connection that another life may use. */
  giveBack(client: Client): void
  /** What the gateway must tell of that exchange when it tells its end. */
  expectRecord(target: string, record: { readonly states: readonly ExchangeState[]; readonly bytes: number | null }): void
}

/** Checks what a client got against what its upstream sent. */
export async function judgeBody(facts: {
  readonly plan: LifePlan
  readonly sent: Buffer
  readonly status: number
  readonly response: ClientResponse | null
  readonly world: World
  readonly endsWithinMs: number
}): Promise<void> {
  const { plan, sent, status, response, world, endsWithinMs } = facts
  const { ending, framing, target } = plan
  const { findings, tally } = world
  const how = `${target} (${plan.kind}, ${framing}, ${ending})`
  const isLeft = ending.startsWith('leave')
  if (response === null) {
    // The fault may overtake the head; a client that got no head has nothing that could be wrong.
    if (ending === 'complete') findings.add('a response has no head', how)
    else tally.add('ended before the head')
    return
  }
  const read = await response.readAll(endsWithinMs).catch((error: unknown) => error as Error)
  if (read instanceof Error) {
    findings.add('a response cannot be read to its end', `${how}: ${read.message}`)
    return
  }
  const got = plan.content === 'events' ? withoutHeartbeats(read, sent) : read
  tally.add('heartbeats', Math.floor((read.length - got.length) / heartbeat.length))
  if (response.status !== status) {
    if (['reset', 'cut', 'end-here'].includes(ending) && /"code":"(upstream-reset|upstream-invalid|stopped-here)"/.test(response.text)) {
      tally.add('answered by the gateway')
      return
    }
    findings.add('a response has another status', `${how}: ${String(response.status)} ${response.text.slice(0, 200)}`)
    return
  }
  tally.add('downBytes', got.length)
  tally.add('checked')
  if (got.length > sent.length || !got.equals(sent.subarray(0, got.length))) {
    findings.add(
      'a client has other bytes than its upstream sent',
      `${how}: ${String(got.length)} of ${String(sent.length)}, ${differAt(got, sent)}`,
    )
    return
  }
  const isWhole = got.length === sent.length
  // A body that only the end of the connection ends is ended by a FIN, wherever that is.
  const isClean = ending === 'complete' || (ending === 'cut' && framing === 'close') || plan.kind === 'small'
  if ((ending === 'complete' || ending === 'cut') && !isWhole) {
    findings.add('a client has less than its upstream sent', `${how}: ${String(got.length)} of ${String(sent.length)}`)
  }
  if (response.isDestroyedEarly === isClean) {
    findings.add(
      isClean ? 'a whole response ends as if cut' : 'a cut response ends as if whole',
      `${how}: ${String(got.length)} of ${String(sent.length)}`,
    )
  }
  if (plan.kind === 'stream' || plan.kind === 'large') {
    const states: ExchangeState[] = isClean ? ['complete'] : isLeft ? ['aborted', 'failed'] : ['failed']
    world.expectRecord(target, { states, bytes: isClean ? sent.length : null })
  }
}

/** Checks an answer that came without the upstream's having been reached. */
export function judgeRefusal(
  plan: LifePlan,
  response: ClientResponse | null,
  { world, startedAt, connected }: { readonly world: World; readonly startedAt: number; readonly connected: Connected },
): void {
  const { findings, tally, edits } = world
  const how = `${plan.target} (${plan.kind})`
  if (response === null) {
    // RFC 9112 §9.3.1: a connection that is used again may be closed at that moment; so is one to an address that was just given up.
    if (connected.isOld || (connected.isExtra && edits.extraRemovedSince(startedAt))) tally.add('turned away')
    else findings.add('a connection closes without an answer', how)
    return
  }
  // The answer to HEAD has no body to say why.
  const code = plan.method === 'HEAD' && response.status === 404 ? 'no-route' : (/"code":"([a-z-]+)"/.exec(response.text)?.[1] ?? '')
  const isGuest = (guestRoutes as readonly string[]).includes(plan.routeId)
  const isExpected =
    (plan.routeId === deadRoute && response.status === 502 && code === 'upstream-unreachable') ||
    (plan.kind === 'reset-before-head' && response.status === 502 && code === 'upstream-reset') ||
    (isGuest &&
      response.status === 404 &&
      code === 'no-route' &&
      (!edits.hasRoute(plan.routeId) || edits.guestsChangedSince(startedAt - 2000)))
  if (isExpected) tally.add(`answer:${String(response.status)} ${code}`)
  else findings.add('an answer that does not fit', `${how}: ${String(response.status)} ${response.text.slice(0, 200)}`)
}

const heartbeat = ':\n\n'

/** A body without the comments that the gateway put between its events; the last one may be cut. */
function withoutHeartbeats(got: Buffer, sent: Buffer): Buffer {
  if (sent.subarray(0, got.length).equals(got)) return got
  const text = got.toString('latin1').replaceAll(heartbeat, '')
  const whole = Buffer.from(text, 'latin1')
  return sent.subarray(0, whole.length).equals(whole) ? whole : Buffer.from(text.replace(/:\n?$/, ''), 'latin1')
}

function differAt(got: Buffer, sent: Buffer): string {
  const at = got.findIndex((byte, index) => byte !== sent[index])
  return `which differ at ${String(at)}: ${JSON.stringify(got.toString('latin1', at, at + 40))} in place of ${JSON.stringify(sent.toString('latin1', at, at + 40))}`
}
