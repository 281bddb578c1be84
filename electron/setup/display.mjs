/** An X server for windows that nobody looks at. */
import { spawn } from 'node:child_process'
import { SetupError } from './run.mjs'

const args = ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp', '-noreset']
// The shell waits for the end of its input, which comes even when this process is killed: no server is left behind.
const script = 'Xvfb "$@" & server=$!; exec 3>&-; read _; kill $server'

/** Starts Xvfb on a free display; `stop` ends it. */
export function startDisplay() {
  return new Promise((resolve, reject) => {
    const server = spawn('sh', ['-c', script, 'sh', ...args], { stdio: ['pipe', 'ignore', 'ignore', 'pipe'] })
    const stop = () => server.stdin.end()
    let number = ''
    server.stdio[3].on('data', (chunk) => (number += chunk))
    // Xvfb closes it after the number, or by failing to start.
    server.stdio[3].on('end', () => {
      if (number !== '') return resolve({ display: `:${number.trim()}`, stop })
      stop()
      reject(new SetupError('Xvfb did not start. To install it: apt-get install -y xvfb'))
    })
  })
}
