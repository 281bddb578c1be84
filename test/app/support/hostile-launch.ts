import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { startUpstream, type Upstream } from '../../support/upstream.ts'
import type { UpstreamExchange } from '../../support/upstream-exchange.ts'
import { launchApp, type LaunchedApp } from './launch.ts'
import { watchForPlanted } from './planted.ts'

/** An app in front of an upstream that sends what is hostile. */
export interface HostileLaunch {
  readonly sluice: LaunchedApp
  readonly window: Page
  /** Fails if any of what was planted has become more than text. */
  readonly expectNothingRuns: () => Promise<void>
}

/** Runs the app for a file's tests; after each, nothing that was planted may have become more than text. */
export function launchHostile(
  serve: (exchange: UpstreamExchange) => void | Promise<void>,
  configFor: (upstreamUrl: string) => string,
): HostileLaunch {
  let upstream: Upstream
  let sluice: LaunchedApp
  let expectNothingRuns: () => Promise<void>
  beforeAll(async () => {
    upstream = await startUpstream(serve)
    sluice = await launchApp({ config: configFor(upstream.url) })
    expectNothingRuns = await watchForPlanted(sluice)
  })
  afterEach(() => expectNothingRuns())
  afterAll(async () => {
    await sluice?.close()
    await upstream?.close()
  })
  return {
    get sluice() {
      return sluice
    },
    get window() {
      return sluice.window
    },
    expectNothingRuns: () => expectNothingRuns(),
  }
}
