import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startChild, type Child } from './child.ts'
import { Condition } from './condition.ts'

const entry = fileURLToPath(new URL('../../proxy-core/cli/sluice.ts', import.meta.url))

/** `sluice` as its own process, and what it prints. */
export interface Sluice extends Child {
  readonly process: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  /** The lines of `--json` so far. */
  readonly lines: () => readonly SluiceLine[]
  /** Waits for a line of that type that fits. */
  line(type: string, fits?: (line: SluiceLine) => boolean): Promise<SluiceLine>
  signal(signal: NodeJS.Signals): void
}

/** One line of `sluice serve --json`. */
export type SluiceLine = { readonly type: string } & { readonly [key: string]: unknown }

/** Starts `sluice` with these arguments. */
export function startSluice(...args: readonly string[]): Sluice {
  const told = new Condition()
  const output = { stdout: '', stderr: '' }
  const child = startChild(process.execPath, [entry, ...args])
  for (const name of ['stdout', 'stderr'] as const) {
    child.process[name]?.on('data', (bytes: Buffer) => {
      output[name] += bytes.toString()
      told.changed()
    })
  }
  const lines = () => output.stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as SluiceLine] : []))
  return {
    ...child,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    lines,
    line: (type, fits = () => true) =>
      told.until(
        () => lines().find((line) => line.type === type && fits(line)),
        () => `a line of type ${type}. ${output.stdout}${output.stderr}`,
      ),
    signal: (signal) => child.process.kill(signal),
  }
}

/** Runs `sluice` to its end. */
export async function runSluice(...args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const sluice = startSluice(...args)
  const code = await sluice.exited
  await new Promise(setImmediate)
  return { code, stdout: sluice.stdout(), stderr: sluice.stderr() }
}
