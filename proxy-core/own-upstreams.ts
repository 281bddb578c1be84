import type { Route } from './contract/route.ts'
import { startDemoUpstream } from './demo/demo-upstream.ts'
import type { LoopbackServer } from './loopback-server.ts'
import type { Recordings } from './replay/recordings.ts'
import { startReplayUpstream } from './replay/replay-upstream.ts'

/** The upstreams that are built in, the demo and the one that plays recordings: each runs from when a route first names it. */
export class OwnUpstreams {
  readonly #recordings: Recordings
  #demo: LoopbackServer | null = null
  #replay: LoopbackServer | null = null

  constructor(recordings: Recordings) {
    this.#recordings = recordings
  }

  get demoOrigin(): string | null {
    return this.#demo?.origin ?? null
  }

  get replayOrigin(): string | null {
    return this.#replay?.origin ?? null
  }

  /** Starts those that these routes need and that do not run yet. */
  async openFor(routes: readonly Route[]): Promise<void> {
    const urls = routes.flatMap(({ upstream }) => [upstream.url, ...upstream.nodes.map((node) => node.url)])
    if (this.#demo === null && urls.includes('demo:')) this.#demo = await startDemoUpstream()
    const isReplaying = urls.some((url) => url?.startsWith('replay:') === true)
    if (this.#replay === null && isReplaying) this.#replay = await startReplayUpstream(this.#recordings)
  }

  async close(): Promise<void> {
    await this.#demo?.close()
    await this.#replay?.close()
  }
}
