interface Electron {
  readonly executable: string
}

interface Display {
  readonly display: string
  readonly stop: () => void
}

/** An Electron to start, with the environment it needs; `release` gives back what was started for it. */
export interface ElectronToRun {
  readonly executable: string
  readonly env: Record<string, string>
  readonly release: () => void
}

const setUp = new URL('../../../electron/setup/', import.meta.url)

/** The Electron to test with. `npm test` has prepared it and a display; a test that is run by itself finds them here. */
export async function electronToRun(): Promise<ElectronToRun> {
  const executable = process.env['ELECTRON_EXEC_PATH'] ?? (await findElectron()).executable
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value
  if (process.platform !== 'linux' || env['DISPLAY']) return { executable, env, release: () => undefined }
  const { display, stop } = await startDisplay()
  return { executable, env: { ...env, DISPLAY: display }, release: stop }
}

// The set-up is plain JavaScript without types: this is the border where it gets them.
async function findElectron(): Promise<Electron> {
  const { findElectron: find } = (await import(new URL('electron-binary.mjs', setUp).href)) as { findElectron: () => Promise<Electron> }
  return find()
}

async function startDisplay(): Promise<Display> {
  const module = (await import(new URL('display.mjs', setUp).href)) as { startDisplay: () => Promise<Display> }
  return module.startDisplay()
}
