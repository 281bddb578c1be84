import type { RouteTotals } from './contract/events.ts'
import type { Route, RouteId } from './contract/route.ts'
import { RouteActivity } from './route-activity.ts'
import type { Upstreams } from './upstreams.ts'

/** What goes on on each route, and on all of them together. */
export class RouteActivities {
  readonly #upstreams: () => Pick<Upstreams, 'nodes'>
  readonly #byRoute = new Map<RouteId, RouteActivity>()
  #eventsPerSecond = 0

  constructor(upstreams: () => Pick<Upstreams, 'nodes'>) {
    this.#upstreams = upstreams
  }

  of(id: RouteId): RouteActivity {
    let activity = this.#byRoute.get(id)
    if (!activity) {
      activity = new RouteActivity(id)
      this.#byRoute.set(id, activity)
    }
    return activity
  }

  /** Forgets routes that are not among these. */
  keep(isKept: (id: RouteId) => boolean): void {
    for (const id of this.#byRoute.keys()) if (!isKept(id)) this.#byRoute.delete(id)
  }

  /** The standing of an upstream has changed; routes may share one. */
  touchAll(): void {
    for (const activity of this.#byRoute.values()) activity.isTouched = true
  }

  /** Takes the rates since the last sample. */
  sample(at: number): void {
    this.#eventsPerSecond = 0
    for (const activity of this.#byRoute.values()) {
      activity.sample(at)
      this.#eventsPerSecond += activity.eventsPerSecond
    }
  }

  /** Of all routes together. */
  sums(): { readonly eventsPerSecond: number; readonly heldBytes: number } {
    let heldBytes = 0
    for (const activity of this.#byRoute.values()) heldBytes += activity.heldBytes
    return { eventsPerSecond: this.#eventsPerSecond, heldBytes }
  }

  totals(routes: readonly Route[]): readonly RouteTotals[] {
    return Array.from(this.#byRoute.values(), (activity) => this.#totalsOf(activity, routes))
  }

  /** The totals of those that moved since they were last taken. */
  takeTouched(routes: readonly Route[]): readonly RouteTotals[] {
    const touched = Array.from(this.#byRoute.values()).filter((activity) => activity.isTouched)
    return touched.map((activity) => {
      activity.isTouched = false
      return this.#totalsOf(activity, routes)
    })
  }

  #totalsOf(activity: RouteActivity, routes: readonly Route[]): RouteTotals {
    const route = routes.find(({ id }) => id === activity.routeId)
    return { ...activity.totals(), nodes: route ? this.#upstreams().nodes(route) : [] }
  }
}
