import { protocol } from 'electron'
import { readFile } from 'node:fs/promises'
import { contentSecurityPolicy, contentTypeOf, fileFor } from './page-files.ts'

/** Makes `app:` a scheme with a real origin; Electron takes this only before its `ready` event. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }])
}

/** Serves the files of `folder`, and nothing outside it, at `app://sluice/`. */
export function serveApp(folder: string): void {
  protocol.handle('app', async (request) => {
    const file = fileFor(folder, request.url)
    if (file === null) return new Response(null, { status: 404 })
    const headers: Record<string, string> = {
      'content-type': contentTypeOf(file),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    }
    headers['content-security-policy'] = contentSecurityPolicy
    try {
      return new Response(await readFile(file), { headers })
    } catch {
      return new Response(null, { status: 404 })
    }
  })
}
