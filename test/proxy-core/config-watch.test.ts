import { execFileSync } from 'node:child_process'
import { appendFile, mkdir, open, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseConfig, setRouteField } from '../../proxy-core/config-document.ts'
import { configText, openConfig, routeIds, type OpenedConfig } from '../support/opened-config.ts'
import { openTempFolder, type TempFolder } from '../support/temp.ts'

let folder: TempFolder
let path: string
let opened: OpenedConfig

beforeEach(async () => {
  folder = await openTempFolder()
  path = folder.file('sluice.yaml')
  await writeFile(path, configText('first'))
  opened = await openConfig(path)
})

afterEach(async () => {
  await opened.file.close()
  await folder.close()
})

async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text)
  await rename(`${file}.new`, file)
}

function untilRoutes(ids: string): Promise<true> {
  return opened.until(() => routeIds(opened.file.config) === ids, `the routes ${ids}`)
}

test('a replaced file is in force within 50 ms', async () => {
  const delaysMs: number[] = []
  for (let round = 0; round < 15; round++) {
    const renamedAt = performance.now()
    await replace(path, configText(`r${round}`))
    await untilRoutes(`r${round}`)
    delaysMs.push((opened.changes.at(-1)?.at ?? Infinity) - renamedAt)
  }
  // The median: this machine is busy with other tests.
  expect(delaysMs.toSorted((a, b) => a - b)[7]).toBeLessThan(50)
})

test('a file that is written in place is in force within 50 ms', async () => {
  const delaysMs: number[] = []
  for (let round = 0; round < 15; round++) {
    const writtenAt = performance.now()
    await writeFile(path, configText(`r${round}`))
    await untilRoutes(`r${round}`)
    delaysMs.push((opened.changes.at(-1)?.at ?? Infinity) - writtenAt)
  }
  expect(delaysMs.toSorted((a, b) => a - b)[7]).toBeLessThan(50)
})

test('a bad edit changes nothing and is told with its place; the next good one is taken', async () => {
  await replace(path, `${configText('second')}    buffering: oof\n`)
  const problem = await opened.until(() => opened.file.status.problem, 'the problem')
  expect(problem.issues).toEqual([{ path: ['routes', 0, 'buffering', 'response'], message: 'Write off, on or auto.', line: 6, column: 16 }])
  expect(problem.message).toBe(`${path}:6:16 Write off, on or auto. The last good config stays in force.`)
  expect(routeIds(opened.file.config)).toBe('first')
  expect(opened.changes).toEqual([])

  await replace(path, configText('third'))
  await untilRoutes('third')
  expect(opened.file.status.problem).toBeNull()
})

test('a problem goes when the file is again what it was', async () => {
  await replace(path, 'nonsense')
  await opened.until(() => opened.file.status.problem, 'the problem')
  await replace(path, configText('first'))
  await opened.until(() => opened.file.status.problem === null, 'the end of the problem')
  expect(opened.changes).toEqual([])
})

test('a program that is half-way through writing is no problem', async () => {
  const handle = await open(path, 'w')
  const text = configText('slow')
  await handle.write(text.slice(0, 60))
  await new Promise((resolve) => setTimeout(resolve, 40))
  await handle.write(text.slice(60))
  await handle.close()
  await untilRoutes('slow')
  expect(opened.statuses).toEqual([])
})

test('an edit of comments alone is no change', async () => {
  await appendFile(path, '# a comment\n')
  await opened.until(async () => (await readFile(`${path}.last-good`, 'utf8')).endsWith('# a comment\n'), 'the spare copy')
  await replace(path, configText('second'))
  await untilRoutes('second')
  expect(opened.changes).toHaveLength(1)
})

test('a file that goes away leaves its config in force, and is told', async () => {
  await unlink(path)
  const problem = await opened.until(() => opened.file.status.problem, 'the problem')
  expect(problem.message).toContain('There is no such file.')
  expect(routeIds(opened.file.config)).toBe('first')
  await writeFile(path, configText('back'))
  await untilRoutes('back')
  expect(opened.file.status.problem).toBeNull()
})

test.runIf(process.platform !== 'win32')(
  'a pipe in place of the file is told and waited for by nobody; the next file is taken',
  async () => {
    await unlink(path)
    execFileSync('mkfifo', [path])
    const problem = await opened.until(
      () => opened.file.status.problem?.message.includes('pipe') && opened.file.status.problem,
      'the problem',
    )
    expect(problem.message).toContain('it is a pipe, a socket or a device. The last good config stays in force.')
    expect(routeIds(opened.file.config)).toBe('first')
    await opened.file.update((document) => setRouteField(document, 'first', ['enabled'], false))
    expect(parseConfig(await readFile(path, 'utf8'))).toMatchObject({ ok: true })
    await unlink(path)
    execFileSync('mkfifo', [path])
    await replace(path, configText('second'))
    await untilRoutes('second')
  },
)

test('an editor that takes the file away and puts another in its place is no problem', async () => {
  await rename(path, `${path}~`)
  await writeFile(path, configText('saved'))
  await untilRoutes('saved')
  expect(opened.statuses).toEqual([])
})

test('what the config file itself wrote is not taken for an edit', async () => {
  await opened.file.update((document) => setRouteField(document, 'first', ['priority'], 1))
  await opened.file.update((document) => setRouteField(document, 'first', ['priority'], 2))
  await replace(path, configText('second'))
  await untilRoutes('second')
  expect(opened.changes.map(({ config }) => config.routes[0]?.priority)).toEqual([1, 2, 0])
})

test('a linked file is followed, also when the link is changed', async () => {
  await opened.file.close()
  await mkdir(folder.file('one'))
  await mkdir(folder.file('two'))
  await writeFile(folder.file('one/real.yaml'), configText('one'))
  await writeFile(folder.file('two/real.yaml'), configText('two'))
  const link = folder.file('link.yaml')
  await symlink('one/real.yaml', link)
  opened = await openConfig(link)
  expect(routeIds(opened.file.config)).toBe('one')

  await replace(folder.file('one/real.yaml'), configText('one-edited'))
  await untilRoutes('one-edited')

  await symlink('two/real.yaml', `${link}.new`)
  await rename(`${link}.new`, link)
  await untilRoutes('two')
  await writeFile(folder.file('two/real.yaml'), configText('two-edited'))
  await untilRoutes('two-edited')
})

test('nothing is told after it was closed', async () => {
  await opened.file.close()
  await replace(path, configText('late'))
  await rm(`${path}.last-good`)
  opened = await openConfig(path)
  expect(opened.changes).toEqual([])
})
