import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { request } from '../support/client.ts'
import { keepScreenshot, launchApp } from './support/launch.ts'

const root = path.resolve(import.meta.dirname, '../..')
const packagingTimeoutMs = 180_000

test.runIf(process.platform === 'linux')(
  'the packaged folder starts, shows its window and proxies a stream',
  async () => {
    await promisify(execFile)(process.execPath, [path.join(root, 'electron/setup/package.mjs'), '--folder-for-tests'], { cwd: root })
    const launched = await launchApp({ packagedExecutable: path.join(root, '.cache/packaged/linux-unpacked/sluice') })
    try {
      expect(await launched.app.evaluate(({ app }) => [app.isPackaged, app.getName()])).toEqual([true, 'Sluice'])
      await launched.window.getByText('SSE echo').first().waitFor()
      const stream = await request(`${launched.url}/.sse`)
      await stream.waitForText('event: time')
      stream.client.close()
      await keepScreenshot(launched.window, 'packaged')
      expect(launched.problems).toEqual([])
    } finally {
      await launched.close()
    }
  },
  packagingTimeoutMs,
)
