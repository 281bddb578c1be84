/** `npm test`: sets up, then runs every check; it ends at the first that fails. Steps or test files can be named after `--`. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { build, buildIfStale } from './build.mjs'
import { startDisplay } from './display.mjs'
import { electronEnvironment } from './electron-binary.mjs'
import { main, root, runTool, say, SetupError } from './run.mjs'
import { setUp } from './set-up.mjs'

const steps = {
  format: () => runTool('prettier', 'prettier', ['--check', '--log-level', 'warn', '.']),
  lint: () => runTool('oxlint', 'oxlint', ['--type-aware', '--deny-warnings']),
  types: () => runTool('typescript', 'tsc', ['-b']),
  unused: () => runTool('knip', 'knip', []),
  node: ({ files, electron }) => vitest('node', files, electronEnvironment(electron)),
  build: () => build().then(() => 0),
  app: async ({ files, electron }) => {
    await buildIfStale()
    const env = electronEnvironment(electron)
    if (process.platform !== 'linux') return vitest('app', files, env)
    const { display, stop } = await startDisplay()
    try {
      return await vitest('app', files, { ...env, DISPLAY: display })
    } finally {
      stop()
    }
  },
}
const totals = { passed: 0, failed: 0 }

await main(async (args) => {
  const named = args.filter((argument) => argument in steps)
  const files = args.filter((argument) => !(argument in steps))
  const context = { files, electron: await setUp({ forTests: true }) }
  let failed
  for (const name of named.length > 0 ? named : Object.keys(steps)) {
    if ((await timed(name, () => steps[name](context))) !== 0) {
      failed = name
      break
    }
  }
  // A check that has no tests of its own still fails the whole.
  if (failed && totals.failed === 0) totals.failed = 1
  process.stdout.write(`${failed ? `sluice: ${failed} failed\n` : ''}${totals.passed} passed, ${totals.failed} failed\n`)
  return failed ? 1 : 0
})

async function timed(name, step) {
  const startedAt = performance.now()
  say(`${name} …`)
  const code = await step().catch(explain)
  say(`${name} ${code === 0 ? 'passed' : 'failed'} after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  return code
}

function explain(error) {
  if (!(error instanceof SetupError)) throw error
  say(error.message)
  return 1
}

async function vitest(project, files, env) {
  const report = path.join(root, `test-output/vitest-${project}.json`)
  rmSync(report, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const code = await runTool('vitest', 'vitest', ['run', '-c', 'test/vitest.config.ts', '--project', project, ...reporters, ...files], {
    env,
  })
  if (!existsSync(report)) return code || 1
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
  totals.passed += numPassedTests
  totals.failed += numFailedTests
  return code
}
