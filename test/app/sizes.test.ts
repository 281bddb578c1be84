import { createServer, type Server } from 'node:net'
import type { AddressInfo } from 'node:net'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Worker as WorkerClass } from 'node:worker_threads'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoSwitch, holdDemoStream, openDemoStream } from './support/demo-stream.ts'
import { layoutFaults, sizeWindow } from './support/layout.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

// The sizes that UI.md names, in both themes. The tests follow one another in one window.

const sizes = [
  { width: 900, height: 600 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
]
let sluice: LaunchedApp
let taken: Server

beforeAll(async () => {
  taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  sluice = await launchApp({ args: [`--listen=127.0.0.1:${(taken.address() as AddressInfo).port}`] })
})
afterAll(async () => {
  await sluice?.close()
  taken.close()
})

test('an address that cannot be listened on is told at every size', async () => {
  await sluice.window.getByText(/Cannot listen on/).waitFor()
  await expectSound('address-taken')
  taken.close()
  await sluice.window.getByText(/Cannot listen on/).waitFor({ state: 'detached' })
})

test('a live stream with its detail fits at every size', async () => {
  await openDemoStream(sluice.window)
  await sluice.window.getByRole('grid', { name: 'Events, oldest first' }).getByRole('row').nth(2).click()
  await expectSound('live-stream')
})

test('a held stream fits at every size', async () => {
  await sizeWindow(sluice, { width: 1280, height: 800 })
  await holdDemoStream(sluice.window)
  await expectSound('held-stream')
  await sizeWindow(sluice, { width: 1280, height: 800 })
  await demoSwitch(sluice.window, 'Off').click()
  // The next test writes the file itself, and not before the app has saved this.
  await expect.poll(() => readFile(path.join(sluice.userData, 'sluice.yaml'), 'utf8')).not.toMatch(/buffering: on/)
})

test('a config file that is not taken is told at every size', async () => {
  await writeFile(
    path.join(sluice.userData, 'sluice.yaml'),
    `version: 1
routes:
  - id: Chat API
    match: { path: no slash }
    upstream: ftp://127.0.0.1
    bufering: on
`,
  )
  await sluice.window.getByText('The config file was not taken.').waitFor()
  await expectSound('config-problem')
})

test('a gateway that stays down is told at every size', async () => {
  await sluice.app.evaluate(() => {
    const main = process.mainModule as unknown as { require(name: string): { Worker: typeof WorkerClass } }
    const { Worker } = main.require('node:worker_threads')
    // Each thread ends at the first message, so that none comes back while pictures are taken.
    Worker.prototype.postMessage = function () {
      void this.terminate()
    }
  })
  await sluice.window
    .getByText(/is being restarted/)
    .first()
    .waitFor()
  await expectSound('gateway-down')
})

async function expectSound(name: string): Promise<void> {
  const found: Record<string, string[]> = {}
  for (const size of sizes) {
    await sizeWindow(sluice, size)
    for (const colorScheme of ['dark', 'light'] as const) {
      await sluice.window.emulateMedia({ colorScheme })
      await keepScreenshot(sluice.window, `size-${name}-${size.width}-${colorScheme}`)
    }
    const faults = await layoutFaults(sluice.window)
    if (faults.length > 0) found[size.width] = faults
  }
  expect(found).toEqual({})
}
