/** `npm run bench`: the benchmarks, on the project's Node. */
import { buildIfStale } from './build.mjs'
import { electronEnvironment } from './electron-binary.mjs'
import { main, projectNode, run } from './run.mjs'
import { setUp } from './set-up.mjs'

await main(async (args) => {
  const electron = await setUp({ forTests: true })
  await buildIfStale()
  if (args.includes('--window')) return run(projectNode(), ['test/app/bench/window.ts', ...args], { env: electronEnvironment(electron) })
  return run(projectNode(), ['test/bench/run.ts', ...args])
})
