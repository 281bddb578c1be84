import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

const root = path.resolve(import.meta.dirname, '../..')
const config = parse(readFileSync(path.join(root, 'electron-builder.yml'), 'utf8')) as {
  electronFuses: Record<string, boolean>
  linux: { icon: string; target: string[] }
  mac: { icon: string; target: { target: string; arch: string }[] }
  win: { icon: string; target: string[] }
}

test('the fuses of a package leave no way to run other code in it', () => {
  expect(config.electronFuses).toEqual({
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  })
})

test('there is a package for each system, with an icon', () => {
  expect(config.linux.target).toEqual(['AppImage', 'deb', 'tar.gz'])
  expect(config.mac.target).toEqual([
    { target: 'dmg', arch: 'universal' },
    { target: 'zip', arch: 'universal' },
  ])
  expect(config.win.target).toEqual(['nsis'])
  for (const { icon } of [config.linux, config.mac, config.win]) expect(statSync(path.join(root, icon)).size).toBeGreaterThan(0)
})
