import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { connect, createServer } from 'node:net'

/** A program that a test started, and what it has said. */
export interface Child {
  readonly pid: number
  readonly output: () => string
  readonly exited: Promise<number | null>
  /** Ends it, by its pid, and waits until it is gone. */
  close(signal?: NodeJS.Signals): Promise<void>
}

/** Starts a program. Its output is kept for messages of failure. */
export function startChild(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Child & { readonly process: ChildProcess } {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  let output = ''
  const keep = (bytes: Buffer) => {
    output = (output + bytes.toString()).slice(-20_000)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  const exited = new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      output += error.message
      resolve(null)
    })
    child.on('exit', (code) => resolve(code))
  })
  return {
    process: child,
    pid: child.pid ?? 0,
    output: () => output,
    exited,
    close: async (signal = 'SIGTERM') => {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
      child.kill(signal)
      const late = setTimeout(() => child.kill('SIGKILL'), 3000)
      await exited
      clearTimeout(late)
    },
  }
}

/** Below what the usual systems give to connections and to servers that ask for any port: nothing takes one of these in between. */
const firstPort = 20_000
const lastPort = 32_000
const given = new Set<number>()

/** A port on 127.0.0.1 that nothing uses. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(firstPort, lastPort)
    if (given.has(port) || !(await isFree(port))) continue
    given.add(port)
    return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** Waits until the port takes connections; fails with the program's output when it ends instead. */
export async function untilAccepts(port: number, child: Child, timeoutMs = 10_000): Promise<void> {
  const deadline = Date.now() + timeoutMs
  const hasExited = { now: false }
  void child.exited.then(() => (hasExited.now = true))
  while (!(await accepts(port))) {
    if (hasExited.now || Date.now() > deadline) throw new Error(`Nothing listens on port ${String(port)}. ${child.output()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
