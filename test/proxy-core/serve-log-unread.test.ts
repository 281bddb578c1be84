// DESIGN §6: no stream waits for whoever watches, and the reader of a log is one.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../support/child.ts'
import { openClient, type Client } from '../support/client.ts'
import { openTempFolder } from '../support/temp.ts'

const entry = fileURLToPath(new URL('../../proxy-core/cli/sluice.ts', import.meta.url))

/** A gateway whose output nobody reads, started by `spawned`, and a client of it. */
async function start(spawned: (command: readonly string[]) => ChildProcess): Promise<{ child: ChildProcess; client: Client }> {
  const folder = await openTempFolder()
  onTestFinished(() => folder.close())
  const port = await freePort()
  const config = folder.file('sluice.yaml')
  await writeFile(config, `version: 1\nlisten: 127.0.0.1:${String(port)}\nroutes: []\n`)
  const child = spawned([process.execPath, entry, 'serve', '--json', '--config', config, '--data', folder.path])
  onTestFinished(() => void child.kill('SIGKILL'))
  const connect = (): Promise<Client> => openClient(`http://127.0.0.1:${String(port)}`).catch(() => connect())
  const client = await connect()
  onTestFinished(() => client.close())
  return { child, client }
}

/** Has so many refusals logged: none of these lines is shorter than 200 bytes. */
async function ask(client: Client, times: number): Promise<void> {
  for (let index = 0; index < times; index++) {
    const response = await client.request({ target: `/${'x'.repeat(100)}` })
    expect((await response.readAll()).length).toBeGreaterThan(0)
  }
}

test('with a pipe that nobody reads the gateway serves, and ends when it is told to', async () => {
  const { child, client } = await start(([file = '', ...args]) => spawn(file, args, { stdio: ['ignore', 'pipe', 'ignore'] }))
  // A pipe takes 64 KiB, and this side reads as much ahead.
  await ask(client, 1500)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('a reader that comes back is told how many lines were left out, and each line is whole', async () => {
  const { child, client } = await start(([file = '', ...args]) => spawn(file, args, { stdio: ['ignore', 'pipe', 'ignore'] }))
  await ask(client, 8000)
  let text = ''
  child.stdout?.on('data', (bytes: Buffer) => (text += bytes.toString()))
  const lines = () =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { type: string; lines?: number })
  await expect
    .poll(
      async () => {
        await ask(client, 1)
        return lines().find(({ type }) => type === 'left-out')?.lines ?? 0
      },
      { timeout: 10_000 },
    )
    .toBeGreaterThan(0)
  child.kill('SIGTERM')
  await once(child, 'close')
  const leftOut = lines().reduce((sum, line) => sum + (line.lines ?? 0), 0)
  const told = lines().filter(({ type }) => type === 'exchange').length
  expect(lines().at(-1)?.type).toBe('stopped')
  expect(leftOut + told).toBeGreaterThan(8000)
})

test.runIf(process.platform === 'linux')('a terminal that is stopped stops no stream', async () => {
  // `script` runs it on a terminal of its own, and takes nothing from there when its own output is not read.
  const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(' ')
  const { client } = await start((command) =>
    spawn('script', ['-qfc', `exec ${quoted(command)}`, '/dev/null'], { stdio: ['ignore', 'pipe', 'ignore'] }),
  )
  await ask(client, 3000)
})
