import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const setUp = new URL('../../electron/setup/set-up.mjs', import.meta.url).href

test('setting up what is set up takes less than a second and installs nothing', async () => {
  const script = `const { setUp } = await import(${JSON.stringify(setUp)}); await setUp({ forTests: true })`
  const startedAt = performance.now()
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
  expect(performance.now() - startedAt).toBeLessThan(1000)
  expect(stdout).not.toMatch(/install|download(ing)/)
})
