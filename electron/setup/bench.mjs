/** `npm run bench`: the benchmarks, on the project's Node. */
import { buildIfStale } from './build.mjs'
import { main, projectNode, run } from './run.mjs'
import { setUp } from './set-up.mjs'

await main(async (args) => {
  await setUp({ forTests: true })
  await buildIfStale()
  return run(projectNode(), ['test/bench/run.ts', ...args])
})
