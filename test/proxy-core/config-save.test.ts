import { chmod, lstat, readFile, readdir, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeRoute, setRoute, setRouteField } from '../../proxy-core/config-document.ts'
import { startChild } from '../support/child.ts'
import { configText, openConfig, routeIds, type OpenedConfig } from '../support/opened-config.ts'
import { openTempFolder, type TempFolder } from '../support/temp.ts'

let folder: TempFolder
let path: string
let opened: OpenedConfig

beforeEach(async () => {
  folder = await openTempFolder()
  path = folder.file('sluice.yaml')
  await writeFile(path, configText('mine'), { mode: 0o640 })
  opened = await openConfig(path)
})

afterEach(async () => {
  await opened.file.close()
  await folder.close()
})

test('an edit is in force before it is on the disk', async () => {
  const saved = opened.file.update((document) => setRouteField(document, 'mine', ['buffering', 'response'], 'on'))
  expect(opened.changes.at(-1)?.config.routes[0]?.buffering.response).toBe('on')
  expect(opened.file.config.routes[0]?.buffering.response).toBe('on')
  await saved
  expect(await readFile(path, 'utf8')).toBe(configText('mine', '    buffering: on\n'))
})

test('a save keeps the mode of the file; a new file is for its owner alone', async () => {
  await opened.file.update((document) => setRouteField(document, 'mine', ['priority'], 1))
  expect((await stat(path)).mode & 0o777).toBe(0o640)

  const fresh = await openConfig(folder.file('fresh.yaml'))
  await fresh.file.update((document) => setRouteField(document, 'fallback', ['priority'], 1))
  await fresh.file.close()
  expect((await stat(folder.file('fresh.yaml'))).mode & 0o777).toBe(0o600)
})

test('many edits at once are all saved, in fewer writes than edits', async () => {
  let writes = 0
  const before = new Set<bigint>()
  const watch = setInterval(() => {
    void stat(path, { bigint: true }).then(({ ino }) => before.add(ino))
    writes = before.size
  }, 1)
  const edits = Array.from({ length: 200 }, (_, index) =>
    opened.file.update((document) => setRoute(document, { id: `r${index % 50}`, match: { path: `/${index}` }, upstream: 'http://a' })),
  )
  await Promise.all(edits)
  clearInterval(watch)
  expect(writes).toBeLessThan(20)
  const again = await openConfig(path)
  await again.file.close()
  expect(again.file.config).toEqual(opened.file.config)
  expect(again.file.config.routes.map((route) => route.match.path).slice(1)).toEqual(
    Array.from({ length: 50 }, (_, index) => `/${150 + index}`),
  )
})

test('edits that several programs make at once are all kept', async () => {
  const others = [opened, await openConfig(path), await openConfig(path)]
  for (let round = 0; round < 10; round++) {
    await Promise.all(
      others.map(({ file }, index) =>
        file.update((document) => setRoute(document, { id: `r${round}-${index}`, match: { path: '/*' }, upstream: 'http://a' })),
      ),
    )
  }
  for (const { file } of others.slice(1)) await file.close()
  const again = await openConfig(path)
  await again.file.close()
  expect(again.file.config.routes).toHaveLength(1 + 30)
})

test('closing waits for what is still to be saved', async () => {
  const saved = opened.file.update((document) => setRouteField(document, 'mine', ['priority'], 7))
  await opened.file.close()
  expect(await readFile(path, 'utf8')).toContain('priority: 7')
  await saved
})

test('a refused edit changes neither the config nor the file', async () => {
  const before = opened.file.config
  await expect(opened.file.update((document) => removeRoute(document, 'none'))).rejects.toMatchObject({ code: 'route-not-found' })
  await expect(opened.file.update((document) => document.yaml.set('listen', '0.0.0.0:1'))).rejects.toMatchObject({
    code: 'config-invalid',
    issues: [{ path: ['listen'] }],
  })
  expect(opened.file.config).toBe(before)
  expect(opened.changes).toEqual([])
  expect(await readFile(path, 'utf8')).toBe(configText('mine'))
})

test('an edit here and an edit of the file at the same moment are both kept', async () => {
  const saved = opened.file.update((document) => setRouteField(document, 'mine', ['priority'], 3))
  await writeFile(path, `# from the editor\n${configText('mine')}    stripPrefix: true\n`)
  await saved
  const mine = await opened.until(() => opened.file.config.routes.find((route) => route.stripPrefix), 'the edit of the file')
  expect(mine.priority).toBe(3)
  expect(await readFile(path, 'utf8')).toBe(
    `# from the editor\n${configText('mine')}    stripPrefix: true\n`.replace('    upstream', '    priority: 3\n    upstream'),
  )
})

test('a bad edit of the file at the same moment is kept aside, not lost', async () => {
  const saved = opened.file.update((document) => setRouteField(document, 'mine', ['priority'], 3))
  await writeFile(path, 'nonsense')
  await saved
  const aside = (await readdir(folder.path)).filter((name) => name.includes('.bad-'))
  expect(await Promise.all(aside.map((name) => readFile(folder.file(name), 'utf8')))).toEqual(['nonsense'])
  expect(await readFile(path, 'utf8')).toContain('priority: 3')
})

test('a save goes through a link to the file that it leads to', async () => {
  await opened.file.close()
  const link = folder.file('link.yaml')
  await symlink('sluice.yaml', link)
  opened = await openConfig(link)
  await opened.file.update((document) => setRouteField(document, 'mine', ['priority'], 4))
  expect((await lstat(link)).isSymbolicLink()).toBe(true)
  expect(await readFile(path, 'utf8')).toContain('priority: 4')

  const dangling = folder.file('dangling.yaml')
  await symlink('not-yet.yaml', dangling)
  const second = await openConfig(dangling)
  await second.file.update((document) => setRouteField(document, 'fallback', ['priority'], 5))
  await second.file.close()
  expect((await lstat(dangling)).isSymbolicLink()).toBe(true)
  expect(await readFile(folder.file('not-yet.yaml'), 'utf8')).toContain('priority: 5')
})

test('in a folder that is read-only an edit is in force, and that it is not saved is told', async () => {
  const result = await inReadOnlyFolder()
  expect(result).toEqual({
    code: 'config-unwritable',
    priority: 9,
    problem: expect.stringMatching(/sluice\.yaml cannot be written: permission denied\./) as string,
    names: ['sluice.yaml'],
  })
})

test('what a killed write left behind is removed once it is old', async () => {
  const [old, young] = [folder.file('.sluice.yaml.0123456789ab.tmp'), folder.file('.sluice.yaml.ba9876543210.tmp')]
  await writeFile(old, 'half')
  await writeFile(young, 'half')
  await utimes(old, 1, 1)
  await opened.file.close()
  opened = await openConfig(path)
  expect((await readdir(folder.path)).filter((name) => name.endsWith('.tmp'))).toEqual(['.sluice.yaml.ba9876543210.tmp'])
  expect(routeIds(opened.file.config)).toBe('mine')
})

/** Edits a config in a folder that may not be written to; as another user when this one may write everywhere. */
async function inReadOnlyFolder(): Promise<unknown> {
  const locked = await openTempFolder()
  await writeFile(locked.file('sluice.yaml'), configText('mine'))
  await chmod(locked.file('sluice.yaml'), 0o644)
  await chmod(locked.path, 0o555)
  const script = `
    const { ConfigFile } = await import(${JSON.stringify(new URL('../../proxy-core/config-file.ts', import.meta.url).href)})
    const { setRouteField } = await import(${JSON.stringify(new URL('../../proxy-core/config-document.ts', import.meta.url).href)})
    const { readdirSync } = await import('node:fs')
    const fallback = 'version: 1'
    const file = await ConfigFile.open({ file: ${JSON.stringify(locked.file('sluice.yaml'))}, fallback, onChange() {}, onStatus() {} })
    const code = await file.update((document) => setRouteField(document, 'mine', ['priority'], 9)).then(() => 'saved', (error) => error.code)
    const names = readdirSync(${JSON.stringify(locked.path)})
    console.log(JSON.stringify({ code, priority: file.config.routes[0].priority, problem: file.status.problem.message, names }))
    await file.close()`
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  const child = startChild(process.execPath, ['--input-type=module', '--eval', script], nobody)
  await child.exited
  await chmod(locked.path, 0o755)
  await locked.close()
  try {
    return JSON.parse(child.output())
  } catch {
    return child.output()
  }
}
