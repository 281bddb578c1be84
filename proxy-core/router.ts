import type { Route } from './contract/route.ts'
import { canonicalPath, canonicalRoutePath } from './request-target.ts'

/** Finds the route of a request among the enabled ones. */
export class Router {
  /** Entries by their exact path, and by their prefix; each list in order of rank. */
  readonly #exact = new Map<string, Entry[]>()
  readonly #prefixes = new Map<string, Entry[]>()
  readonly #prefixLengths: readonly number[]
  readonly #hosts = new Set<string>()
  readonly #hostSuffixes: readonly string[]

  constructor(routes: readonly Route[]) {
    const entries = routes.filter((route) => route.enabled).flatMap(entriesOf)
    // The sort is stable, so equal entries keep the order of the list.
    entries.sort(byPrecedence)
    const suffixes = new Set<string>()
    entries.forEach((entry, rank) => {
      entry.rank = rank
      const map = entry.isPrefix ? this.#prefixes : this.#exact
      const list = map.get(entry.path)
      if (list) list.push(entry)
      else map.set(entry.path, [entry])
      if (entry.host?.startsWith('*')) suffixes.add(entry.host.slice(1))
      else if (entry.host !== null) this.#hosts.add(entry.host)
    })
    this.#hostSuffixes = [...suffixes]
    this.#prefixLengths = [...new Set([...this.#prefixes.keys()].map((prefix) => prefix.length))].sort((a, b) => b - a)
  }

  /** The route that answers; `host` is in lower case and has no port. */
  find(request: { readonly host: string; readonly path: string; readonly method: string }): Route | null {
    const path = canonicalPath(request.path)
    let best = firstMatch(this.#exact.get(path), request, null)
    for (const length of this.#prefixLengths) {
      if (length <= path.length) best = firstMatch(this.#prefixes.get(path.slice(0, length)), request, best)
    }
    return best?.route ?? null
  }

  /** Whether an enabled route names this host. */
  hasHost(host: string): boolean {
    return this.#hosts.has(host) || this.#hostSuffixes.some((suffix) => isBelow(host, suffix))
  }
}

/** A route under one of its hosts. */
interface Entry {
  readonly route: Route
  readonly path: string
  readonly isPrefix: boolean
  readonly host: string | null
  readonly methods: ReadonlySet<string> | null
  rank: number
}

function entriesOf(route: Route): Entry[] {
  const isPrefix = route.match.path.endsWith('*')
  const path = canonicalRoutePath(isPrefix ? route.match.path.slice(0, -1) : route.match.path)
  const methods = route.match.methods.length === 0 ? null : new Set<string>(route.match.methods)
  // RFC 9110 §9.3.2: HEAD asks for the head of what GET would answer.
  if (methods?.has('GET')) methods.add('HEAD')
  const hosts = route.match.hosts.length === 0 ? [null] : route.match.hosts
  return hosts.map((host) => ({ route, path, isPrefix, host, methods, rank: 0 }))
}

function byPrecedence(a: Entry, b: Entry): number {
  return (
    b.route.priority - a.route.priority ||
    Number(a.isPrefix) - Number(b.isPrefix) ||
    b.path.length - a.path.length ||
    hostPrecedence(b.host) - hostPrecedence(a.host) ||
    Number(a.methods === null) - Number(b.methods === null)
  )
}

/** No host, then wildcards from short to long, then exact hosts. */
function hostPrecedence(host: string | null): number {
  if (host === null) return 0
  return host.startsWith('*') ? host.length : 1000
}

function firstMatch(
  entries: readonly Entry[] | undefined,
  request: { readonly host: string; readonly method: string },
  best: Entry | null,
): Entry | null {
  if (!entries) return best
  for (const entry of entries) {
    if (best && entry.rank > best.rank) return best
    if (entry.host !== null && !matchesHost(entry.host, request.host)) continue
    if (entry.methods === null || entry.methods.has(request.method)) return entry
  }
  return best
}

function matchesHost(pattern: string, host: string): boolean {
  return pattern.startsWith('*') ? isBelow(host, pattern.slice(1)) : host === pattern
}

/** Whether `host` is a name below `.example.com`, at any depth. */
function isBelow(host: string, suffix: string): boolean {
  return host.length > suffix.length && host.endsWith(suffix)
}
