import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Input } from '../contract/commands.ts'
import type { Assembled, TokenPace } from '../contract/assembled.ts'
import { GatewayError } from '../contract/errors.ts'
import type { ExchangeId } from '../contract/exchange.ts'
import type { Tap } from '../tap.ts'
import { Assembler } from './assembler.ts'
import { parsePath, type PathStep } from './json-path.ts'

/** Assemblies that are kept, to be gone on with. */
const keptAssemblies = 6
/** The thread is taken for so long at a time, so that no byte waits for a text. */
const sliceMs = 4
/** Time that one question may take: a look at the numbers, or the whole text. */
const effortMs = { glance: 4, full: 60 }

interface Entry {
  readonly path: string | null
  readonly tap: Tap
  readonly assembler: Assembler
}

/** The assembled streams that somebody looks at. Nothing is done for a stream that nobody does. */
export class Assemblies {
  readonly #entries = new Map<ExchangeId, Entry>()
  #made = 0

  /** Reads on in a stream for a while, and says what there is so far. */
  async read(tap: Tap | null, target: string, input: Input<'exchange.assembled'>): Promise<Assembled> {
    const { id, path, from, effort } = input
    const steps = path === null ? null : checkedPath(path)
    if (tap === null) return nothing
    const { assembler } = this.#entry(id, tap, { target, path, steps })
    let leftMs = effortMs[effort]
    while (leftMs > 0) {
      assembler.readUntil(performance.now() + Math.min(sliceMs, leftMs))
      leftMs -= sliceMs
      if (!assembler.isBehind) break
      if (leftMs > 0) await nextTurn()
    }
    return assembler.view(from, effort === 'full')
  }

  /** Forgets all texts; they are put together again when somebody looks. */
  clear(): void {
    this.#entries.clear()
  }

  #entry(
    id: ExchangeId,
    tap: Tap,
    { target, path, steps }: { target: string; path: string | null; steps: readonly PathStep[] | null },
  ): Entry {
    const known = this.#entries.get(id)
    this.#entries.delete(id)
    const entry =
      known?.path === path && known.tap === tap
        ? known
        : { path, tap, assembler: new Assembler(++this.#made, tap, { target, path: steps }) }
    // The one that was looked at last is the last to go.
    this.#entries.set(id, entry)
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > keptAssemblies && oldest !== undefined) this.#entries.delete(oldest)
    return entry
  }
}

function checkedPath(path: string): readonly PathStep[] {
  const steps = parsePath(path)
  if ('faultAt' in steps) {
    throw new GatewayError(
      'invalid-input',
      `This path cannot be read from character ${steps.faultAt + 1} on. Write it like $.choices[0].delta.content.`,
    )
  }
  return steps
}

const noPace: TokenPace = {
  rows: 0,
  first: null,
  last: null,
  tokensPerSecond: null,
  rowsPerSecond: null,
  stalls: 0,
  longestStallMs: 0,
  stallList: [],
}

/** What is said of a stream that says nothing. */
export const nothing: Assembled = {
  assembly: 0,
  shape: null,
  isGivenUp: true,
  readRows: 0,
  totalRows: 0,
  missedRows: 0,
  model: null,
  outputs: [],
  usage: null,
  upstreamTimes: null,
  errors: [],
  skipped: { count: 0, rows: [] },
  cut: { characters: 0, outputs: 0, toolCalls: 0 },
  upstream: noPace,
  client: noPace,
  texts: [],
  suggestions: [],
}
