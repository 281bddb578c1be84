import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importedFile, importedPackage, importsOf, readSources, repositoryRoot, type SourceFile } from './support/source-tree.ts'

/** One part of the program: what it may import of ours, besides itself, and of others. */
interface Part {
  readonly path: string
  readonly parts: readonly string[]
  /** `node` is what Node has built in; `declared` is any package of package.json. */
  readonly packages: readonly string[]
}

const parts: readonly Part[] = [
  { path: 'proxy-core/contract', parts: [], packages: ['zod'] },
  { path: 'proxy-core', parts: ['proxy-core/contract'], packages: ['node', 'node-sqlite3-wasm', 'undici', 'yaml', 'zod'] },
  {
    path: 'renderer',
    parts: ['proxy-core/contract'],
    packages: [
      'react',
      'react-dom',
      'zustand',
      'zod',
      '@base-ui/react',
      'lucide-react',
      'react-resizable-panels',
      'tailwindcss',
      '@fontsource-variable/inter',
      '@fontsource-variable/jetbrains-mono',
    ],
  },
  { path: 'electron', parts: ['proxy-core', 'proxy-core/contract'], packages: ['node', 'electron', 'zod'] },
  { path: 'electron/electron.vite.config.ts', parts: [], packages: ['declared', 'node'] },
  // Tools of the build; what they make is packed, they are not.
  { path: 'electron/resources', parts: [], packages: ['node', 'playwright-core'] },
  { path: 'test', parts: ['proxy-core', 'proxy-core/contract', 'renderer'], packages: ['declared', 'node'] },
  { path: 'test/electron', parts: ['proxy-core', 'proxy-core/contract', 'electron', 'test'], packages: ['declared', 'node'] },
  { path: 'test/app', parts: ['proxy-core', 'proxy-core/contract', 'electron', 'test'], packages: ['declared', 'node'] },
]

const undiciFiles = [
  'forward.ts',
  'http2-pool.ts',
  'upstreams.ts',
  'upstream-connections.ts',
  'upstream-exchange.ts',
  'sender-connection.ts',
].map((name) => `proxy-core/${name}`)
const bannedFolders = ['utils', 'helpers', 'common', 'types', 'services', 'hooks']
const importEndings = /\.(ts|tsx|mjs|css)(\?[a-z]+)?$/
const maxLines = 300

/** A rule lists what breaks it, one line each. The offender is a file that must be caught. */
interface Rule {
  readonly name: string
  readonly offences: (file: SourceFile) => readonly string[]
  readonly offenders: readonly SourceFile[]
}

const rules: readonly Rule[] = [
  {
    name: 'a part imports only the parts that its row in the table allows',
    offences: (file) =>
      filesImported(file)
        .filter((target) => !mayImport(partOf(file.path), partOf(target)))
        .map((target) => `${file.path} imports ${target}`),
    offenders: [
      { path: 'renderer/app.tsx', text: `import { Tap } from '../proxy-core/tap.ts'` },
      { path: 'renderer/app.tsx', text: `import { openWindow } from '../electron/window.ts'` },
      { path: 'proxy-core/gateway.ts', text: `import {\n  openWindow,\n} from '../electron/window.ts'` },
      { path: 'proxy-core/gateway.ts', text: `const store = await import('../renderer/state/feed.ts')` },
      { path: 'proxy-core/contract/route.ts', text: `export type { Tap } from '../tap.ts'` },
      { path: 'electron/window.ts', text: `import '../renderer/main.tsx'` },
      { path: 'proxy-core/gateway.ts', text: `import { startUpstream } from '../test/support/upstream.ts'` },
      { path: 'test/proxy-core/start.test.ts', text: `import { openWindow } from '../../electron/window.ts'` },
    ],
  },
  {
    name: 'a part imports only the packages that its row in the table allows',
    offences: (file) =>
      packagesImported(file)
        .filter((name) => !mayUse(partOf(file.path), name))
        .map((name) => `${file.path} imports ${name}`),
    offenders: [
      { path: 'proxy-core/contract/route.ts', text: `import { join } from 'node:path'` },
      { path: 'proxy-core/contract/route.ts', text: `import { parse } from 'yaml'` },
      { path: 'proxy-core/gateway.ts', text: `import { app } from 'electron'` },
      { path: 'proxy-core/gateway.ts', text: `import { create } from 'zustand'` },
      { path: 'proxy-core/gateway.ts', text: `const react = require('react')` },
      { path: 'renderer/app.tsx', text: `import { readFile } from 'node:fs/promises'` },
      { path: 'renderer/app.tsx', text: `import { Client } from 'undici'` },
      { path: 'electron/window.ts', text: `import { create } from 'zustand/vanilla'` },
      { path: 'test/app/start.test.ts', text: `import { x } from 'not-in-package-json'` },
    ],
  },
  {
    name: 'only the files that move bytes to upstreams import undici',
    offences: (file) =>
      file.path.startsWith('test/') || undiciFiles.includes(file.path) || !packagesImported(file).includes('undici')
        ? []
        : [`${file.path} imports undici`],
    offenders: [{ path: 'proxy-core/tap.ts', text: `import type { Dispatcher } from 'undici'` }],
  },
  {
    name: 'only renderer/gateway.ts touches window.sluice',
    offences: (file) =>
      file.path.startsWith('renderer/') &&
      file.path !== 'renderer/gateway.ts' &&
      /\b(window|globalThis|self)\??(\.|\[['"])sluice\b/.test(file.text)
        ? [`${file.path} touches window.sluice`]
        : [],
    offenders: [
      { path: 'renderer/app.tsx', text: `window.sluice?.openFeed()` },
      { path: 'renderer/app.tsx', text: `globalThis['sluice'].openFeed()` },
    ],
  },
  {
    name: `no file has more than ${String(maxLines)} lines`,
    offences: (file) => {
      const lines = file.text.replace(/\n$/, '').split('\n').length
      return lines > maxLines ? [`${file.path} has ${String(lines)} lines`] : []
    },
    offenders: [{ path: 'renderer/styles.css', text: '\n'.repeat(maxLines + 1) }],
  },
  {
    name: `no folder is called ${bannedFolders.join(', ')}`,
    offences: (file) =>
      dirname(file.path)
        .split('/')
        .filter((folder) => bannedFolders.includes(folder))
        .map((folder) => `${file.path} is in a folder called ${folder}`),
    offenders: [{ path: 'renderer/hooks/use-feed.ts', text: '' }],
  },
  {
    name: 'there are no barrels: no index file, no file of re-exports',
    offences: (file) =>
      /^index\.(ts|tsx|mjs)$/.test(basename(file.path)) || /^export \* from/m.test(file.text) ? [`${file.path} is a barrel`] : [],
    offenders: [
      { path: 'proxy-core/index.ts', text: '' },
      { path: 'proxy-core/all.ts', text: `export * from './tap.ts'` },
    ],
  },
  {
    name: 'nothing is exported as default, except by the configs of tools that ask for it',
    offences: (file) =>
      !file.path.endsWith('.config.ts') && /^export\s+default\b|^export\s*\{[^}]*\bas\s+default\b/m.test(file.text)
        ? [`${file.path} has a default export`]
        : [],
    offenders: [
      { path: 'renderer/app.tsx', text: 'export default function App() {}' },
      { path: 'electron/setup/run.mjs', text: 'export { run as default }' },
    ],
  },
  {
    name: 'a relative import names a file that exists, with its ending',
    offences: (file) =>
      importsOf(file)
        .filter((specifier) => isBrokenImport(file.path, specifier))
        .map((specifier) => `${file.path} imports ${specifier}`),
    offenders: [
      { path: 'proxy-core/gateway.ts', text: `import { Tap } from './tap'` },
      { path: 'proxy-core/gateway.ts', text: `import { Tap } from './tap.js'` },
      { path: 'proxy-core/gateway.ts', text: `import { Nothing } from './no-such-file.ts'` },
    ],
  },
]

const declaredPackages = readDeclaredPackages()
const sources = readSources()

describe('the architecture', () => {
  it.each(rules.map((rule) => [rule.name, rule] as const))('%s', (_, rule) => {
    expect(sources.flatMap((file) => rule.offences(file))).toEqual([])
  })

  it('covers the whole program', () => {
    expect(sources.length).toBeGreaterThan(50)
    for (const { path } of parts) expect(existsSync(join(repositoryRoot, path)), path).toBe(true)
    for (const path of undiciFiles) expect(existsSync(join(repositoryRoot, path)), path).toBe(true)
  })

  it('is locked to package versions by content, without addresses to download them from', () => {
    const lock = readFileSync(join(repositoryRoot, 'package-lock.json'), 'utf8')
    expect(lock).not.toMatch(/"resolved"\s*:/)
    expect(lock).not.toMatch(/https?:\/\/[^"]*\.tgz/)
    expect(lock).toMatch(/"integrity"\s*:/)
  })
})

describe('a broken rule is noticed', () => {
  it.each(
    rules.flatMap((rule) =>
      rule.offenders.map((file) => [rule.name, `${file.path}: ${file.text.slice(0, 80).trim()}`, rule, file] as const),
    ),
  )('%s, by %s', (_, __, rule, file) => {
    expect(rule.offences(file)).not.toEqual([])
  })
})

function partOf(path: string): Part {
  const candidates = parts.filter((part) => path === part.path || path.startsWith(`${part.path}/`))
  const part = candidates.sort((a, b) => b.path.length - a.path.length)[0]
  if (part === undefined) throw new Error(`${path} belongs to no part in the table.`)
  return part
}

function mayImport(from: Part, to: Part): boolean {
  return from === to || from.parts.includes(to.path)
}

function mayUse(part: Part, name: string): boolean {
  return part.packages.includes(name) || (part.packages.includes('declared') && declaredPackages.has(name))
}

function filesImported(file: SourceFile): readonly string[] {
  return importsOf(file)
    .map((specifier) => importedFile(file.path, specifier))
    .filter((path) => path !== null)
}

function packagesImported(file: SourceFile): readonly string[] {
  return importsOf(file)
    .map(importedPackage)
    .filter((name) => name !== null)
}

function isBrokenImport(from: string, specifier: string): boolean {
  const target = importedFile(from, specifier)
  return target !== null && !(importEndings.test(specifier) && existsSync(join(repositoryRoot, target)))
}

function readDeclaredPackages(): ReadonlySet<string> {
  const manifest = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string> | undefined
  >
  return new Set(['dependencies', 'devDependencies'].flatMap((key) => Object.keys(manifest[key] ?? {})))
}
