import type { Worker as WorkerClass } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { request } from '../support/client.ts'
import type { ClientResponse } from '../support/client-response.ts'
import { keepScreenshot, launchApp, untilListening, type LaunchedApp } from './support/launch.ts'
import { snapshotInWindow } from './support/window-feed.ts'

let launched: LaunchedApp

beforeEach(async () => {
  launched = await launchApp()
  await launched.window.getByText('SSE echo').first().waitFor()
})
afterEach(() => launched.close())

test('no stream notices that the window reloads, and the window shows each stream once afterwards', async () => {
  const stream = await openStream()
  for (let times = 0; times < 3; times++) {
    await launched.window.reload()
    await launched.window.getByText('SSE echo').first().waitFor()
  }
  await expectMoreEvents(stream)
  expect(await openExchanges()).toEqual(['GET /.sse'])
  stream.client.close()
})

test('no stream notices that the process of the page dies, and the page comes back by itself', async () => {
  const stream = await openStream()
  await launched.app.evaluate(
    ({ BrowserWindow }) =>
      new Promise<void>((resolve) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents
        contents?.once('did-finish-load', () => resolve())
        contents?.forcefullyCrashRenderer()
      }),
  )
  await expectMoreEvents(stream)
  expect(await openExchanges()).toEqual(['GET /.sse'])
  stream.client.close()
})

test('feeds of pages that are gone are closed in the gateway', async () => {
  await launched.app.evaluate(() => {
    // The thread's end is out of reach here, so what main tells it is listened to.
    const main = process.mainModule as unknown as { require(name: string): { Worker: typeof WorkerClass } }
    const { Worker } = main.require('node:worker_threads')
    const post = Reflect.get(Worker.prototype, 'postMessage') as (this: object, value: object) => void
    const told: string[] = []
    Object.assign(globalThis, { told })
    Worker.prototype.postMessage = function (value: { type: string }) {
      told.push(value.type)
      post.call(this, value)
    }
  })
  await launched.window.reload()
  await launched.window.getByText('SSE echo').first().waitFor()
  const told = await launched.app.evaluate(() => (globalThis as unknown as { told: string[] }).told)
  expect(told.filter((type) => type === 'feed.open' || type === 'feed.close').sort()).toEqual(['feed.close', 'feed.open'])
})

test('the gateway thread dies: the window says so, and both are back without a restart of the app', async () => {
  const stream = await openStream()
  const saysSo = launched.window.getByText('gateway down').waitFor()
  await launched.app.evaluate(() => {
    const main = process.mainModule as unknown as { require(name: string): { Worker: typeof WorkerClass } }
    const { Worker } = main.require('node:worker_threads')
    const post = Reflect.get(Worker.prototype, 'postMessage') as (this: object, value: object) => void
    // The next message finds the thread gone; nothing in the app offers that by itself.
    Worker.prototype.postMessage = function (value: object) {
      Worker.prototype.postMessage = post
      post.call(this, value)
      void this.terminate()
    }
  })
  await Promise.all([stream.client.closed(), saysSo])
  await keepScreenshot(launched.window, 'gateway-thread-died')
  await launched.window.getByText('gateway down').waitFor({ state: 'detached' })
  await untilListening(launched.url)
  const again = await openStream()
  expect(await openExchanges()).toEqual(['GET /.sse'])
  again.client.close()
})

async function openStream(): Promise<ClientResponse> {
  const stream = await request(`${launched.url}/.sse`)
  await stream.waitForText('event: time')
  return stream
}

/** Two more events, without a gap in their numbers. */
async function expectMoreEvents(stream: ClientResponse): Promise<void> {
  const last = Math.max(...eventIds(stream))
  await stream.waitForText(`id: ${last + 2}\n`)
  expect(eventIds(stream)).toEqual(Array.from({ length: eventIds(stream).length }, (_, index) => index + 1))
}

function eventIds(stream: ClientResponse): number[] {
  return [...stream.text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))
}

async function openExchanges(): Promise<string[]> {
  const { exchanges } = await snapshotInWindow(launched.app)
  return exchanges.filter(({ state }) => state === 'open').map(({ method, target }) => `${method} ${target}`)
}
