import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readlink, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

/**
 * Replaces a file in one step: whoever reads it, also after a crash or a power cut, finds the old content or the new.
 * A symbolic link is followed. A new file is for its owner alone; an existing one keeps its mode and owner.
 */
export async function writeAtomically(file: string, content: string): Promise<void> {
  const target = await linkTarget(file)
  const folder = dirname(target)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const existing = await stat(target).catch(() => null)
  const temporary = join(folder, `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(content)
      if (existing) {
        // Only root may give a file away; for everyone else it is theirs already.
        await handle.chown(existing.uid, existing.gid).catch(() => undefined)
        await handle.chmod(existing.mode & 0o777)
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
    await replace(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error
  }
  await syncFolder(folder)
}

/** Removes what a write left behind when it was killed half-way. */
export async function removeLeftovers(file: string): Promise<void> {
  const target = await linkTarget(file)
  const folder = dirname(target)
  const names = await readdir(folder).catch((): string[] => [])
  for (const name of names) {
    if (!name.startsWith(`.${basename(target)}.`) || !/\.[0-9a-f]{12}\.tmp$/.test(name)) continue
    const leftover = join(folder, name)
    const status = await stat(leftover).catch(() => null)
    if (status && Date.now() - status.mtimeMs > leftoverAgeMs) await rm(leftover, { force: true }).catch(() => undefined)
  }
}

/** A younger one may be a write of another program that goes on right now. */
const leftoverAgeMs = 60_000

/** The file that a path leads to, through any links; a link may lead to a file that does not exist yet. */
async function linkTarget(file: string): Promise<string> {
  let path = resolve(file)
  for (let hops = 0; hops < 40; hops++) {
    const real = await realpath(path).catch(() => null)
    if (real !== null) return real
    const next = await readlink(path).catch(() => null)
    if (next === null) return path
    path = resolve(dirname(path), next)
  }
  return path
}

async function replace(temporary: string, target: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rename(temporary, target)
    } catch (error) {
      // Windows refuses while another program, often a virus scanner, has the file open.
      if (process.platform !== 'win32' || attempt === 10) throw error
      await new Promise((resume) => setTimeout(resume, 20 * attempt))
    }
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Without it a power cut may undo the rename. Windows cannot open a folder, and some file systems cannot sync one.
  const handle = await open(folder, 'r').catch(() => null)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}
