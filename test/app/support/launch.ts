import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { freePort } from '../../support/child.ts'
import { electronToRun } from './electron.ts'

const root = path.resolve(import.meta.dirname, '../../..')
const endGraceMs = 10_000
/** Less than a test may take, so that what the app said is told. */
const windowTimeoutMs = 50_000

export interface LaunchOptions {
  /** The text of `sluice.yaml`; without one the app starts as on a first run. */
  readonly config?: string
  /** A user-data folder to start on again; a fresh one when left out. */
  readonly userData?: string
  readonly args?: readonly string[]
  /** A packaged app to start in place of the built one. */
  readonly packagedExecutable?: string
}

export interface LaunchedApp {
  readonly app: ElectronApplication
  readonly window: Page
  /** Where the gateway listens. */
  readonly url: string
  readonly userData: string
  /** What the page threw, logged as an error or was refused by its content security policy. */
  readonly problems: readonly string[]
  /** Ends the app without a question, and forgets its user data unless it was given. */
  close(): Promise<void>
}

/** Starts the built app as a user would, with a user-data folder and a port of its own. */
export async function launchApp(options: LaunchOptions = {}): Promise<LaunchedApp> {
  const userData = options.userData ?? mkdtempSync(path.join(tmpdir(), 'sluice-app-'))
  if (options.config !== undefined) writeFileSync(path.join(userData, 'sluice.yaml'), options.config)
  const port = await freePort()
  const { executable, env, release } = await electronToRun()
  const app = await _electron.launch({
    executablePath: options.packagedExecutable ?? executable,
    args: [
      ...(options.packagedExecutable === undefined ? [root] : []),
      `--user-data-dir=${userData}`,
      `--listen=127.0.0.1:${port}`,
      ...(options.args ?? []),
    ],
    env,
  })
  const child = app.process()
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000)
  })
  const close = async () => {
    await end(child)
    release()
    if (options.userData === undefined) rmSync(userData, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const window = await app.firstWindow({ timeout: windowTimeoutMs })
    const problems = problemsOf(window)
    await window.waitForLoadState('load')
    const url = `http://127.0.0.1:${port}`
    await untilListening(url)
    return { app, window, url, userData, problems, close }
  } catch (error) {
    const addresses = await app
      .evaluate(({ webContents }) => webContents.getAllWebContents().map((contents) => contents.getURL()))
      .catch(() => ['none: it has ended'])
    await close()
    throw new Error(`The app did not start. Its pages: ${addresses.join(' ')}. It said: ${said}`, { cause: error })
  }
}

/** Keeps a picture of the window in `test-output/`. */
export async function keepScreenshot(window: Page, name: string): Promise<void> {
  const folder = path.join(root, 'test-output')
  mkdirSync(folder, { recursive: true })
  await window.screenshot({ path: path.join(folder, `${name}.png`) })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const impatience = setTimeout(() => child.kill('SIGKILL'), endGraceMs)
  await ended
  clearTimeout(impatience)
}

function problemsOf(window: Page): string[] {
  const problems: string[] = []
  window.on('pageerror', (error) => problems.push(String(error)))
  window.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  return problems
}

/** Waits for the gateway's port: it is opened in a thread of the app, which tells the window and not this process. */
export async function untilListening(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
    socket.destroy()
    if (isOpen) return
    await pause(50)
  }
  throw new Error(`Nothing listens at ${url}.`)
}
