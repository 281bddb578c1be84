import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Where the system's Chromium is, or null. */
export function chromiumPath(): string | null {
  return places.find((path) => existsSync(path)) ?? null
}

/** Starts the system's Chromium without a window, talking to nothing but what the test opens. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = chromiumPath()
  if (executablePath === null) throw new Error('Chromium is missing: apt-get install chromium.')
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      // As root, as in a container, Chromium's sandbox cannot start.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-domain-reliability',
      '--disable-sync',
      '--no-first-run',
      '--no-proxy-server',
    ],
  })
}
