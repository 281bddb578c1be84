import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { setRouteField } from '../../proxy-core/config-document.ts'
import { configText, openConfig, routeIds, type OpenedConfig } from '../support/opened-config.ts'
import { openTempFolder, type TempFolder } from '../support/temp.ts'

let folder: TempFolder
let path: string
let opened: OpenedConfig | undefined

beforeEach(async () => {
  folder = await openTempFolder()
  path = folder.file('sluice.yaml')
})

afterEach(async () => {
  await opened?.file.close()
  opened = undefined
  await folder.close()
})

/** Opens the file once while it is good, so that there is a last good config. */
async function leaveLastGood(): Promise<void> {
  await writeFile(path, configText('last-good'))
  const first = await openConfig(path)
  await first.file.close()
}

const badFiles: [name: string, content: string | Uint8Array, place: string][] = [
  ['empty', '', '1:1'],
  ['cut', 'version: 1\nroutes:\n  - id: "a', '3:11'],
  ['garbage', Uint8Array.from({ length: 5000 }, (_, index) => (index * 73 + 151) % 256), '1:1'],
  ['not a config', '<html>\n', '1:1'],
  ['wrong in one value', `${configText('bad')}    buffering: oof\n`, '6:16'],
  ['from a newer version', 'version: 2\nroutes: []\n', '1:10'],
]

describe('a file that is bad at the start', () => {
  test.each(badFiles)(
    '%s: the last good config is in force, the file is left as it is, and the place is told',
    async (_, content, place) => {
      await leaveLastGood()
      await writeFile(path, content)
      const before = await readdir(folder.path)

      opened = await openConfig(path)

      expect(routeIds(opened.file.config)).toBe('last-good')
      const { problem } = opened.file.status
      expect(problem?.file).toBe(path)
      expect(problem?.message).toMatch(/ The last good config is in force\.$/)
      expect(problem?.message.startsWith(`${path}:${place} `)).toBe(true)
      expect(`${problem?.issues[0]?.line}:${problem?.issues[0]?.column}`).toBe(place)
      expect(await readFile(path)).toEqual(Buffer.from(content))
      expect(await readdir(folder.path)).toEqual(before)
    },
  )

  test.each(badFiles)('%s: an edit is made to the last good config, and the bad file is kept aside first', async (_, content) => {
    await leaveLastGood()
    await writeFile(path, content)
    opened = await openConfig(path)

    await opened.file.update((document) => setRouteField(document, 'last-good', ['enabled'], false))

    expect(await readFile(path, 'utf8')).toBe(configText('last-good', '', '    enabled: false\n'))
    const aside = (await readdir(folder.path)).filter((name) => name.includes('.bad-'))
    expect(aside).toEqual([expect.stringMatching(/^sluice\.yaml\.bad-\d{4}-\d\d-\d\d-\d{6}$/)])
    expect(await readFile(folder.file(aside[0] ?? ''))).toEqual(Buffer.from(content))
    expect(opened.statuses.map((status) => status.problem?.keptAs)).toEqual([folder.file(aside[0] ?? ''), undefined])
    expect(opened.file.status.problem).toBeNull()
  })

  test('without a last good config the built-in one is in force', async () => {
    await writeFile(path, 'nonsense')
    opened = await openConfig(path)
    expect(routeIds(opened.file.config)).toBe('fallback')
    expect(opened.file.status.problem?.message).toMatch(/ The built-in config is in force\.$/)
    expect(await readFile(path, 'utf8')).toBe('nonsense')
  })

  test('a folder in its place is a file that cannot be read', async () => {
    await leaveLastGood()
    const other = folder.file('folder.yaml')
    await mkdir(other)
    opened = await openConfig(other)
    expect(routeIds(opened.file.config)).toBe('fallback')
    expect(opened.file.status.problem?.message).toContain('The file cannot be read: it is a folder.')
    await expect(opened.file.update((document) => setRouteField(document, 'fallback', ['enabled'], false))).rejects.toMatchObject({
      code: 'config-unwritable',
    })
    expect(await readdir(other)).toEqual([])
  })

  test('links that lead in a circle are a file that cannot be read', async () => {
    await symlink('b.yaml', folder.file('a.yaml'))
    await symlink('a.yaml', folder.file('b.yaml'))
    opened = await openConfig(folder.file('a.yaml'))
    expect(opened.file.status.problem?.message).toContain('its links lead in a circle')
  })

  test('where it must be good, opening is refused with every issue', async () => {
    await leaveLastGood()
    await writeFile(path, `${configText('bad')}    buffering: oof\n    priority: x\n`)
    await expect(openConfig(path, { isStrict: true })).rejects.toMatchObject({
      code: 'config-invalid',
      issues: [
        { line: 6, column: 16 },
        { line: 7, column: 15 },
      ],
    })
    await expect(openConfig(folder.file('none.yaml'), { isStrict: true })).rejects.toMatchObject({ code: 'config-invalid' })
  })
})

test('a good file is in force as it is, and a spare copy is kept beside it', async () => {
  await writeFile(path, configText('mine'))
  opened = await openConfig(path)
  expect(routeIds(opened.file.config)).toBe('mine')
  expect(opened.file.status).toEqual({ file: path, problem: null })
  expect(await readFile(`${path}.last-good`, 'utf8')).toBe(configText('mine'))
  expect(await readFile(path, 'utf8')).toBe(configText('mine'))
})

test('a missing file is no problem, and is made by the first save', async () => {
  const inNewFolder = folder.file('new/sluice.yaml')
  opened = await openConfig(inNewFolder)
  expect(routeIds(opened.file.config)).toBe('fallback')
  expect(opened.file.status.problem).toBeNull()
  expect(await readdir(folder.path)).toEqual([])

  await opened.file.update((document) => setRouteField(document, 'fallback', ['enabled'], false))
  expect(await readFile(inNewFolder, 'utf8')).toBe(configText('fallback', '', '    enabled: false\n'))

  await writeFile(inNewFolder, configText('edited'))
  await opened.until(() => opened && routeIds(opened.file.config) === 'edited', 'the edit of the new file')
})

test('without a file the config lives in memory', async () => {
  opened = await openConfig(null)
  await opened.file.update((document) => setRouteField(document, 'fallback', ['enabled'], false))
  expect(opened.file.config.routes[0]?.enabled).toBe(false)
  expect(opened.file.status).toEqual({ file: null, problem: null })
})
