import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const fromRoot = (place: string) => resolve(import.meta.dirname, '..', place)

// node18 and chrome114: the stand-in Electron of the set-up runs the same files.
const forNode = (entry: Record<string, string>, outDir: string) => ({
  target: 'node18',
  // Everything is bundled, so that a package ships no node_modules.
  externalizeDeps: false,
  sourcemap: true,
  outDir: fromRoot(outDir),
  lib: { entry, formats: ['cjs' as const] },
  rolldownOptions: { output: { entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs' } },
})

/** The SQLite for runtimes that have none reads its machine code from a file beside the bundle. */
const sqliteWasm = {
  name: 'sqlite-wasm',
  generateBundle(this: { emitFile(file: { type: 'asset'; fileName: string; source: Uint8Array }): unknown }) {
    const source = readFileSync(
      createRequire(import.meta.url)
        .resolve('node-sqlite3-wasm')
        .replace(/\.js$/, '.wasm'),
    )
    this.emitFile({ type: 'asset', fileName: 'node-sqlite3-wasm.wasm', source })
  },
}

export default defineConfig({
  main: {
    plugins: [sqliteWasm],
    build: forNode(
      {
        main: fromRoot('electron/main.ts'),
        'gateway-thread': fromRoot('electron/gateway-thread.ts'),
        'history-thread': fromRoot('electron/history-thread.ts'),
        sluice: fromRoot('electron/headless.ts'),
      },
      'out/main',
    ),
  },
  preload: { build: forNode({ preload: fromRoot('electron/preload.ts') }, 'out/preload') },
  renderer: {
    root: fromRoot('renderer'),
    plugins: [react(), tailwind()],
    build: {
      outDir: fromRoot('out/renderer'),
      minify: true,
      // The page comes from the disk, whole.
      chunkSizeWarningLimit: 4000,
      // A small font as a data: address would be refused by `font-src 'self'`.
      assetsInlineLimit: 0,
      sourcemap: true,
      target: 'chrome114',
      cssTarget: 'chrome114',
      rolldownOptions: { input: fromRoot('renderer/index.html') },
    },
  },
})
