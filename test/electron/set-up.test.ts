import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const setUp = new URL('../../electron/setup/set-up.mjs', import.meta.url).href

test('setting up what is set up takes less than a second and installs nothing', async () => {
  const script = `const { setUp } = await import(${JSON.stringify(setUp)}); await setUp({ forTests: true })`
  const tookMs: number[] = []
  for (let times = 0; times < 3; times++) {
    const startedAt = performance.now()
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
    tookMs.push(performance.now() - startedAt)
    expect(stdout).not.toMatch(/install|download(ing)/)
  }
  // The best: starting a process takes as long as the machine is busy.
  expect(Math.min(...tookMs)).toBeLessThan(1000)
})
