import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where this user's Sluice keeps files of its own: the folder of the desktop program, so that both have one certificate authority. */
export function dataFolder(platform: NodeJS.Platform = process.platform, env: NodeJS.ProcessEnv = process.env): string {
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), name)
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', name)
  return join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), name)
}

const name = 'Sluice'
