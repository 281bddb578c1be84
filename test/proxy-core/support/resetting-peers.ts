import { Worker } from 'node:worker_threads'
import { onTestFinished } from 'vitest'
import type { ResettingRole } from './resetting-thread.ts'

/** Starts peers that reset their connections; they are gone with the test. */
export function startResetting(role: ResettingRole): Worker {
  const thread = new Worker(new URL('./resetting-thread.ts', import.meta.url), { workerData: role })
  onTestFinished(async () => void (await thread.terminate()))
  return thread
}
