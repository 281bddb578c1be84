import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contentSecurityPolicy } from '../../electron/page-files.ts'
import { launchApp, type LaunchedApp } from './support/launch.ts'

const preload = path.resolve(import.meta.dirname, '../../out/preload/preload.cjs')
let launched: LaunchedApp

beforeAll(async () => {
  launched = await launchApp()
})
afterAll(() => launched.close())

test('the page runs in a sandbox, in a world of its own, without Node', async () => {
  const preferences = await launched.app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    // Not in the types: what the window was really made with.
    const contents = window?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
    return contents.getLastWebPreferences()
  })
  expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false })
  expect(await launched.window.evaluate(() => ['require', 'process', 'module', 'Buffer'].filter((name) => name in window))).toEqual([])
})

test('the page is given the bridge and nothing else', async () => {
  expect(await launched.window.evaluate(() => Object.keys((window as unknown as { sluice: object }).sluice))).toEqual([
    'command',
    'openFeed',
  ])
})

test('the page comes from its own scheme, with a policy that lets in nothing unsafe', async () => {
  const headers = await launched.app.evaluate(async ({ net }) => Object.fromEntries((await net.fetch('app://sluice/')).headers))
  const policy = String(headers['content-security-policy'])
  expect(policy).toBe(contentSecurityPolicy)
  expect(policy).not.toMatch(/unsafe|\*|https?:|blob:|strict-dynamic/)
  for (const rule of ["default-src 'self'", "script-src 'self'", "connect-src 'none'", "object-src 'none'", "base-uri 'none'"])
    expect(policy.split('; ')).toContain(rule)
  expect(await launched.window.evaluate(() => location.origin)).toBe('app://sluice')
})

test('script that finds its way into the page does not run', async () => {
  const violated = await launched.window.evaluate(
    () =>
      new Promise<string>((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true })
        const holder = document.createElement('div')
        holder.innerHTML = '<button onclick="window.hasRun = true">x</button>'
        document.body.append(holder)
        holder.querySelector('button')?.click()
        holder.remove()
      }),
  )
  expect(violated).toBe('script-src-attr')
  expect(await launched.window.evaluate(() => 'hasRun' in window)).toBe(false)
})

test('text is not evaluated as script', async () => {
  const outcome = await launched.window.evaluate(
    () =>
      new Promise<string>((resolve) => {
        // In a task of its own: what the debugger itself evaluates may evaluate more.
        setTimeout(() => {
          try {
            resolve(typeof Reflect.construct(Function, ['return 1']))
          } catch (error) {
            resolve((error as Error).name)
          }
        })
      }),
  )
  expect(outcome).toBe('EvalError')
})

test('the page reaches no other server', async () => {
  const refusedBy = await launched.window.evaluate(
    (url) =>
      new Promise<string>((resolve) => {
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective), { once: true })
        const toldMs = 5000
        fetch(url).then(
          () => resolve('nothing'),
          // The server would refuse the page as well; the policy must have before.
          () => setTimeout(() => resolve('the server'), toldMs),
        )
      }),
    launched.url,
  )
  expect(refusedBy).toBe('connect-src')
})

test('every permission is denied, but for writing to the clipboard', async () => {
  const states = await launched.window.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read']
    return Promise.all(names.map(async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state))
  })
  expect(new Set(states)).toEqual(new Set(['denied']))
  expect(await launched.window.evaluate(() => Notification.requestPermission())).toBe('denied')
  expect(await launched.window.evaluate(() => navigator.clipboard.readText().then(String, (error: Error) => error.name))).toBe(
    'NotAllowedError',
  )
})

test('the page cannot be led elsewhere', async () => {
  const prevented = launched.app.evaluate(
    ({ BrowserWindow }) =>
      new Promise<boolean>((resolve) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents
        contents?.once('will-navigate', (event) => setImmediate(() => resolve(event.defaultPrevented)))
      }),
  )
  await launched.window.evaluate(() => location.assign('https://example.com/'))
  expect(await prevented).toBe(true)
  expect(launched.window.url()).toBe('app://sluice/')
})

test('no new window opens; a link opens in the browser only when it is https and on the list', async () => {
  await launched.app.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    shell.openExternal = (url) => Promise.resolve(void opened.push(url))
  })
  const links = ['https://example.com/', 'http://nginx.org/', 'file:///etc/passwd', 'https://nginx.org/en/docs/', 'about:blank']
  expect(await launched.window.evaluate((urls) => urls.map((url) => window.open(url)), links)).toEqual([null, null, null, null, null])
  expect(await launched.app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)).toEqual(['https://nginx.org/en/docs/'])
  expect(await launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
})

test('a command that is not in the contract is refused by name, and one of a wrong shape altogether', async () => {
  const ask = (...args: unknown[]) =>
    launched.window.evaluate((input) => {
      const { sluice } = window as unknown as { sluice: { command(...args: unknown[]): Promise<unknown> } }
      return sluice.command(...input).catch((error: Error) => error.message)
    }, args)
  expect(await ask('gateway.explode')).toMatchObject({ ok: false, error: { code: 'unknown-command' } })
  expect(await ask('toString')).toMatchObject({ ok: false, error: { code: 'unknown-command' } })
  expect(await ask(7)).toContain('asked in a wrong way')
  expect(await ask('route.release', { id: 'NO SUCH ID' })).toMatchObject({ ok: false, error: { code: 'invalid-input' } })
})

test('a page that is not our window gets no answer, even from our own origin', async () => {
  const answers = await launched.app.evaluate(async ({ BrowserWindow }, preloadFile) => {
    const other = new BrowserWindow({ show: false, webPreferences: { preload: preloadFile, sandbox: true } })
    const ask = () =>
      other.webContents.executeJavaScript(
        `sluice.command('gateway.stop').then(JSON.stringify, (error) => error.message)`,
      ) as Promise<string>
    await other.loadURL('app://sluice/')
    const ours = await ask()
    await other.loadURL('data:text/html,elsewhere')
    const elsewhere = await ask()
    other.destroy()
    return [ours, elsewhere]
  }, preload)
  for (const answer of answers) expect(answer).toContain('This page may not ask for that.')
})

test('a frame within the page has no bridge', async () => {
  const hasBridge = await launched.window.evaluate(
    () =>
      new Promise<boolean>((resolve) => {
        const frame = document.createElement('iframe')
        frame.srcdoc = ''
        frame.addEventListener('load', () => {
          resolve('sluice' in (frame.contentWindow ?? {}))
          frame.remove()
        })
        document.body.append(frame)
      }),
  )
  expect(hasBridge).toBe(false)
})
