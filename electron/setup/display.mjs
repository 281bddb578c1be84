/** An X server for windows that nobody looks at. */
import { spawn } from 'node:child_process'
import { SetupError } from './run.mjs'

/** Starts Xvfb on a free display; `stop` ends it. */
export function startDisplay() {
  return new Promise((resolve, reject) => {
    const args = ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp', '-noreset']
    const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
    server.on('error', () => reject(new SetupError('Xvfb is missing. To install it: apt-get install -y xvfb')))
    server.on('exit', (code) => reject(new SetupError(`Xvfb ended with ${code} before it had a display.`)))
    server.stdio[3].once('data', (number) => resolve({ display: `:${String(number).trim()}`, stop: () => server.kill() }))
  })
}
