/** `npm start`: sets up, builds what is stale and runs the window, or without a display the gateway alone. */
import path from 'node:path'
import { buildIfStale } from './build.mjs'
import { isRoot, main, projectNode, root, run, say } from './run.mjs'
import { setUp } from './set-up.mjs'

await main(async (args) => {
  const electron = await setUp()
  await buildIfStale()
  return hasDisplay() ? runWindow(electron, args) : runHeadless(args)
})

function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

function runWindow(electron, args) {
  const rootArgs = process.platform === 'linux' && isRoot ? ['--no-sandbox'] : []
  if (rootArgs.length > 0) say('root runs Electron without its sandbox (--no-sandbox); another user has it')
  return run(electron.executable, [root, ...rootArgs, ...args])
}

/** The CLI itself prints where it listens and how to see the demo stream. */
function runHeadless(args) {
  say('no display here (DISPLAY and WAYLAND_DISPLAY are not set), so the gateway runs without its window')
  say('to get the window: npm start in a desktop session, or over ssh -X')
  return run(projectNode(), [path.join(root, 'out/main/sluice.cjs'), 'serve', ...args])
}
