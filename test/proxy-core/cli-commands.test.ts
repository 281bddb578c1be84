import { readFile, readdir, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readCommand } from '../../proxy-core/cli/command-line.ts'
import { configSchema } from '../../proxy-core/config-schema.ts'
import { request } from '../support/client.ts'
import { runSluice, startSluice } from '../support/sluice.ts'
import { openTempFolder, type TempFolder } from '../support/temp.ts'

let folder: TempFolder
let file: string

const config = `# mine
version: 1
listen: 127.0.0.1:0
routes:
  - id: demo
    match: { path: /* }
    upstream: "demo:"
    buffering: off   # the switch
`

beforeEach(async () => {
  folder = await openTempFolder()
  file = folder.file('sluice.yaml')
  await writeFile(file, config)
})

afterEach(() => folder.close())

describe('check', () => {
  test('says that a file is good', async () => {
    expect(await runSluice('check', file)).toEqual({ code: 0, stdout: `${file} is good: 1 route\n`, stderr: '' })
    expect((await runSluice('check', '--config', file)).code).toBe(0)
  })

  test('says where a file is wrong', async () => {
    await writeFile(file, `${config}    holdMs: 1\n  - id: demo\n`)
    expect(await runSluice('check', file)).toEqual({
      code: 2,
      stdout: '',
      stderr: `${file}:9:5 There is no setting called holdMs here.\n${file}:10:5 match is missing.\n${file}:10:5 upstream is missing.\n`,
    })
  })
})

describe('flip', () => {
  test('several at once are all kept, also behind a program that was killed in the middle of one', async () => {
    const ids = ['one', 'two', 'three', 'four', 'five']
    const routes = ids.map((id) => `  - { id: ${id}, match: { path: /${id} }, upstream: "demo:", buffering: off }\n`)
    await writeFile(file, `version: 1\nroutes:\n${routes.join('')}`)
    await writeFile(`${file}.lock`, '')
    const flipped = await Promise.all(ids.map((id) => runSluice('flip', id, 'on', '--config', file)))
    expect(flipped.map(({ code, stderr }) => [code, stderr])).toEqual(ids.map(() => [0, '']))
    expect((await readFile(file, 'utf8')).match(/buffering: on/g)).toHaveLength(ids.length)
    expect(await readdir(folder.path)).toEqual(['sluice.yaml'])
  })

  test('sets the switch in the file and touches nothing else', async () => {
    expect(await runSluice('flip', 'demo', 'on', '--config', file)).toEqual({
      code: 0,
      stdout: 'demo: response buffering on\n',
      stderr: '',
    })
    expect(await readFile(file, 'utf8')).toBe(config.replace('off   #', 'on    #'))
  })

  test('reaches the open stream of a gateway that runs on the file', async () => {
    const sluice = startSluice('serve', '--json', '--config', file)
    const { url } = await sluice.line('listening')
    const stream = await request(`${String(url)}/.sse?every=10`)
    await stream.waitForText('id: 5\n')
    await runSluice('flip', 'demo', 'on', '--config', file)
    await sluice.line('config-changed')
    // Held by 8 KiB: the events that come meanwhile stay well below.
    await new Promise((resolve) => setTimeout(resolve, 100))
    const heldAt = stream.byteCount
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(stream.byteCount).toBe(heldAt)
    await runSluice('flip', 'demo', 'off', '--config', file)
    await stream.waitForText('id: 60\n')
    const ids = [...stream.text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))
    expect(ids).toEqual(ids.map((_, index) => index + 1))
    stream.client.close()
    await sluice.close()
  })

  test('refuses an unknown route, and a file that is not good', async () => {
    expect(await runSluice('flip', 'none', 'on', '--config', file)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is no route called none.\n',
    })
    await writeFile(file, 'nonsense')
    expect(await runSluice('flip', 'demo', 'on', '--config', file)).toMatchObject({ code: 2, stdout: '' })
    expect(await readFile(file, 'utf8')).toBe('nonsense')
  })
})

test('schema prints the schema', async () => {
  const { code, stdout } = await runSluice('schema')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual(configSchema())
})

test('the version is the one of the package', async () => {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
  expect(await runSluice('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
})

test('an unclear command line is told to stderr, and ends with 2', async () => {
  const { code, stdout, stderr } = await runSluice('serve', '--prot', '1')
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toBe("Unknown option '--prot'\nsluice --help tells what there is.\n")
})

describe('a command line asks for', () => {
  const serve = { name: 'serve', configFile: null, listen: [], isJson: false, drainMs: 10_000, dataDir: null }
  test.each([
    [['serve'], serve],
    [
      ['serve', '--config', 'a.yaml', '--listen', '127.0.0.1:0', '--listen=[::1]:0', '--json', '--drain', '0.5'],
      { ...serve, configFile: 'a.yaml', listen: ['127.0.0.1:0', '[::1]:0'], isJson: true, drainMs: 500 },
    ],
    [['check', 'a.yaml'], { name: 'check', file: 'a.yaml' }],
    [['check', '--config', 'a.yaml'], { name: 'check', file: 'a.yaml' }],
    [['flip', 'demo', 'auto', '--config', 'a.yaml'], { name: 'flip', routeId: 'demo', response: 'auto', configFile: 'a.yaml' }],
    [['schema'], { name: 'schema' }],
    [['--help'], { name: 'help' }],
    [['serve', '--help'], { name: 'help' }],
    [['--version'], { name: 'version' }],
  ])('%j', (args, command) => {
    expect(readCommand(args)).toEqual(command)
  })
})

describe('a command line is unclear', () => {
  test.each([
    [[], 'Name a command.'],
    [['start'], 'There is no command start.'],
    [['serve', '--drain', 'x'], '--drain takes a number of seconds, 0 to 86400.'],
    [['serve', '--listen'], "Option '--listen <value>' argument missing"],
    [['serve', 'a.yaml'], "Unexpected argument 'a.yaml'. This command does not take positional arguments"],
    [['flip', 'demo', 'open', '--config', 'f'], 'Name a route, a mode and the config file: sluice flip ROUTE off|on|auto --config FILE'],
    [['flip', 'demo', 'on'], 'Name a route, a mode and the config file: sluice flip ROUTE off|on|auto --config FILE'],
    [['check'], 'Name one config file: sluice check FILE'],
    [['check', 'a', 'b'], 'Name one config file: sluice check FILE'],
    [['schema', '--json'], "Unknown option '--json'"],
  ])('%j: %s', (args, message) => {
    expect(readCommand(args)).toEqual({ name: 'unclear', message })
  })
})
