import { readFile, readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parseConfig } from '../../proxy-core/config-document.ts'
import { startChild } from '../support/child.ts'
import { openTempFolder } from '../support/temp.ts'

/** Saves one config after another, each with another number in every route, until it is killed. */
const script = `
  const { writeAtomically } = await import(${JSON.stringify(new URL('../../proxy-core/write-atomically.ts', import.meta.url).href)})
  for (let round = 0; ; round++) {
    const routes = Array.from({ length: 400 }, (_, index) => '  - { id: r' + index + ', priority: ' + (round % 1000) + ', match: { path: /a }, upstream: http://a }')
    await writeAtomically(process.argv[1], 'version: 1\\nroutes:\\n' + routes.join('\\n') + '\\n')
    if (round === 0) console.log('first')
  }`

test('a program that is killed in the middle of a save leaves the config before it or after it, never a part', async () => {
  const folder = await openTempFolder()
  const file = folder.file('sluice.yaml')
  for (let round = 0; round < 12; round++) {
    const child = startChild(process.execPath, ['--input-type=module', '--eval', script, file])
    await new Promise((resolve) => child.process.stdout?.once('data', resolve))
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 40))
    await child.close('SIGKILL')

    const parsed = parseConfig(await readFile(file, 'utf8'))
    const routes = parsed.ok ? parsed.config.routes : []
    expect(routes).toHaveLength(400)
    expect(new Set(routes.map((route) => route.priority)).size).toBe(1)
  }
  // What is left of the killed writes stands beside the file and has a name of its own.
  const names = await readdir(folder.path)
  expect(names.filter((name) => name !== 'sluice.yaml' && !/^\.sluice\.yaml\.[0-9a-f]{12}\.tmp$/.test(name))).toEqual([])
  await folder.close()
}, 60_000)
