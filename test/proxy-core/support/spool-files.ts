import { readdir, readlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'

/** The spool files of this process: those with a name, and, where the system tells, those that are open without one. */
export async function openSpoolFiles(): Promise<string[]> {
  const named = (await readdir(tmpdir())).filter((name) => name.startsWith(`sluice-spool-${process.pid}-`))
  const descriptors = await readdir('/proc/self/fd').catch(() => [])
  const targets = await Promise.all(descriptors.map((descriptor) => readlink(`/proc/self/fd/${descriptor}`).catch(() => '')))
  return [...named, ...targets.filter((target) => target.includes('sluice-spool-'))]
}
