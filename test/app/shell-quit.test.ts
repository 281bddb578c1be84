import { once } from 'node:events'
import type { ElectronApplication } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { request } from '../support/client.ts'
import { launchApp, type LaunchedApp } from './support/launch.ts'

let launched: LaunchedApp

afterEach(() => launched.close())

test('quitting while streams are open asks and says how many; who keeps running keeps the streams', async () => {
  launched = await launchApp()
  const streams = await Promise.all([request(`${launched.url}/.sse`), request(`${launched.url}/.sse`)])
  await Promise.all(streams.map((stream) => stream.waitForText('event: request')))

  const asked = await answerQuestions(launched.app, ['keep', 'quit'])
  await quit(launched.app)
  expect(await asked(1)).toEqual(['2 streams are open.'])
  await Promise.all(streams.map((stream) => stream.waitForText('event: time')))

  const ended = once(launched.app.process(), 'exit')
  await quit(launched.app)
  const [code] = (await ended) as [number]
  expect(code).toBe(0)
  await Promise.all(streams.map((stream) => stream.client.closed()))
})

test('closing the window asks too, and one stream is not called streams', async () => {
  launched = await launchApp()
  const stream = await request(`${launched.url}/.sse`)
  await stream.waitForText('event: request')
  const asked = await answerQuestions(launched.app, ['keep'])
  await launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  expect(await asked(1)).toEqual(['One stream is open.'])
  expect(await launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  stream.client.close()
})

test('quitting asks nothing when nothing is open', async () => {
  launched = await launchApp()
  const ended = once(launched.app.process(), 'exit')
  await quit(launched.app)
  expect(await ended).toEqual([0, null])
})

test('a signal ends the app without a question', async () => {
  launched = await launchApp()
  const stream = await request(`${launched.url}/.sse`)
  await stream.waitForText('event: request')
  const ended = once(launched.app.process(), 'exit')
  launched.app.process().kill('SIGINT')
  expect(await ended).toEqual([0, null])
  await stream.client.closed()
})

async function quit(app: ElectronApplication): Promise<void> {
  // Later, so that this call is answered before the app is gone.
  await app.evaluate(({ app: electronApp }) => void setImmediate(() => electronApp.quit()))
}

/** Stands in for the user: answers the native questions in order. The result waits until so many were asked and tells their texts. */
async function answerQuestions(
  app: ElectronApplication,
  answers: readonly ('quit' | 'keep')[],
): Promise<(count: number) => Promise<string[]>> {
  await app.evaluate(({ dialog }, wanted) => {
    const questions: string[] = []
    Object.assign(globalThis, { questions })
    const answer = (...args: unknown[]) => {
      const { message, buttons } = args.at(-1) as { message: string; buttons: string[] }
      const label = wanted[questions.length] === 'quit' ? 'Quit' : 'Keep running'
      questions.push(message)
      return Promise.resolve({ response: buttons.indexOf(label), checkboxChecked: false })
    }
    dialog.showMessageBox = answer as typeof dialog.showMessageBox
  }, answers)
  return (count) =>
    app.evaluate(
      (_electron, least) =>
        new Promise<string[]>((resolve) => {
          const { questions } = globalThis as unknown as { questions: string[] }
          const look = () => (questions.length >= least ? resolve(questions) : setTimeout(look, 10))
          look()
        }),
      count,
    )
}
