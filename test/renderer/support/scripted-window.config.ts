import { resolve } from 'node:path'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const root = resolve(import.meta.dirname, '../../../renderer')
const page = resolve(import.meta.dirname, 'scripted-page.ts')

/** Serves the window with the scripted gateway in place of the preload script: `vite -c test/renderer/support/scripted-window.config.ts`. */
export default defineConfig({
  root,
  cacheDir: resolve(import.meta.dirname, '../../../node_modules/.cache/scripted-window'),
  plugins: [
    react(),
    tailwind(),
    {
      name: 'scripted-gateway',
      transformIndexHtml: () => [{ tag: 'script', attrs: { type: 'module', src: `/@fs${page}` }, injectTo: 'head-prepend' }],
    },
  ],
  server: {
    host: '127.0.0.1',
    port: Number(process.env['PORT'] ?? 5199),
    strictPort: true,
    hmr: false,
    fs: { allow: [resolve(root, '..')] },
  },
})
