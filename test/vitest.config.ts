import { defineConfig } from 'vitest/config'

const root = new URL('..', import.meta.url).pathname

export default defineConfig({
  root,
  test: {
    // A second, the default, is less than what a busy machine may take for a step.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: ['test/architecture.test.ts', 'test/{proxy-core,electron,renderer}/**/*.test.ts'],
          testTimeout: 20_000,
          hookTimeout: 20_000,
          // Node strips types by WebAssembly. A thread of the history ended now and then with SIGSEGV in V8 (Node 24.21), which was freeing
          // code of it: 3 of 30 runs of one file, three at once; none of 42 without that freeing.
          execArgv: ['--no-wasm-code-gc'],
        },
      },
      {
        test: {
          name: 'app',
          environment: 'node',
          include: ['test/app/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 90_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
