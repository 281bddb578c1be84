import type { Random } from './random.ts'
import { deadRoute, guestRoutes, stableRoutes } from './route-draws.ts'

/** How a life goes: a stream until it is told to end, a body of a given size, an upload, a small answer, or a fault before the head. */
export type LifeKind = 'stream' | 'large' | 'upload' | 'small' | 'reset-before-head' | 'leave-before-head' | 'refused'

/** How a response ends: as it should, or by a fault on one of the three sides. */
export type Ending = 'complete' | 'cut' | 'reset' | 'leave' | 'leave-by-reset' | 'end-here'

export type Content = 'events' | 'lines' | 'text' | 'gzip events' | 'bytes'

/** All that is decided about one exchange before it begins. */
export interface LifePlan {
  readonly id: number
  readonly kind: LifeKind
  readonly routeId: string
  readonly target: string
  readonly method: 'GET' | 'POST' | 'HEAD'
  readonly framing: 'chunked' | 'close' | 'length'
  readonly content: Content
  readonly ending: Ending
  readonly wantsExtraAddress: boolean
  readonly wantsOldConnection: boolean
}

const endings: Readonly<Record<Ending, number>> = { complete: 40, leave: 20, cut: 12, reset: 12, 'leave-by-reset': 6, 'end-here': 10 }

/** Decides one life. */
export function drawLife(random: Random, id: number): LifePlan {
  const kind = random.weighted<LifeKind>({
    stream: 70,
    large: 4,
    upload: 10,
    small: 10,
    'reset-before-head': 2,
    'leave-before-head': 3,
    refused: 1,
  })
  const routeId = kind === 'refused' ? deadRoute : random.chance(0.1) ? random.pick(guestRoutes) : random.pick(stableRoutes)
  const framing = random.weighted<LifePlan['framing']>({ chunked: 70, close: 15, length: 15 })
  return {
    id,
    kind,
    routeId,
    target: `/${routeId}/life?life=${String(id)}`,
    method: kind === 'upload' ? 'POST' : kind === 'small' && random.chance(0.2) ? 'HEAD' : 'GET',
    // A stream that ends when it is told to does not know its length before.
    framing: kind === 'stream' && framing === 'length' ? 'chunked' : framing,
    content: kind === 'stream' ? random.weighted<Content>({ events: 60, lines: 12, text: 8, 'gzip events': 8, bytes: 12 }) : 'bytes',
    ending: kind === 'small' ? 'complete' : random.weighted(endings),
    wantsExtraAddress: random.chance(0.3),
    wantsOldConnection: random.chance(0.5),
  }
}

/** The life that a request target belongs to; the target may have lost its prefix. */
export function lifeIdOf(target: string): number {
  return Number(/[?&]life=(\d+)/.exec(target)?.[1] ?? Number.NaN)
}
