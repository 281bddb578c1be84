/** `npm run soak`: many streams for some minutes, on the project's Node. */
import { main, projectNode, run } from './run.mjs'
import { ensureDependencies } from './dependencies.mjs'

await main(async (args) => {
  await ensureDependencies()
  return run(projectNode(), ['test/soak/run.ts', ...args])
})
