import { readdirSync, readFileSync } from 'node:fs'
import { dirname, extname, join, posix } from 'node:path'

/** One source file; `path` is relative to the root of the repository, with forward slashes. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** The root of the repository. */
export const repositoryRoot = join(import.meta.dirname, '..', '..')

/** The folders that hold sources. */
export const sourceFolders: readonly string[] = ['proxy-core', 'electron', 'renderer', 'test']

/** All source files of the project. */
export function readSources(): readonly SourceFile[] {
  return sourceFolders.flatMap((folder) =>
    readdirSync(join(repositoryRoot, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && ['.ts', '.tsx', '.mjs', '.cjs', '.css'].includes(extname(entry.name)))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !/[\\/](node_modules|test-output)[\\/]/.test(path))
      .map((path) => ({
        path: path.slice(repositoryRoot.length + 1).replaceAll('\\', '/'),
        text: readFileSync(path, 'utf8'),
      })),
  )
}

/** What a file imports, as it is written. */
export function importsOf({ path, text }: SourceFile): readonly string[] {
  const patterns = path.endsWith('.css') ? cssImports : scriptImports
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] as string))
}

/** The file that a relative import leads to, or null for a package. */
export function importedFile(from: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null
  return posix.normalize(posix.join(dirname(from), specifier.replace(/\?.*$/, '')))
}

/** The package that an import leads to, `node` for what is built in, or null for a relative import. */
export function importedPackage(specifier: string): string | null {
  if (specifier.startsWith('.')) return null
  if (specifier.startsWith('node:')) return 'node'
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

const scriptImports = [
  /^\s*(?:import|export)\b[^'"`;=]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^\s*import\s*['"]([^'"]+)['"]/gm,
  /\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*[,)]/g,
]
const cssImports = [/@import\s+(?:url\()?['"]([^'"]+)['"]/g]
