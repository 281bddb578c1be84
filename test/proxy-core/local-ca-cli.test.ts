// Issue 3 §4: `sluice ca` tells how to trust the local certificate and installs nothing; `sluice serve` listens with it.
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { X509Certificate } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { dataFolder } from '../../proxy-core/cli/data-folder.ts'
import { fetchWhole } from '../support/client.ts'
import { runSluice, startSluice } from '../support/sluice.ts'
import { openTempFolder } from '../support/temp.ts'

async function folder() {
  const temp = await openTempFolder()
  onTestFinished(() => temp.close())
  return temp
}

test('sluice ca prints where the certificate is, its fingerprint and the commands for each system, and the same again', async () => {
  const temp = await folder()
  const { code, stdout, stderr } = await runSluice('ca', '--data', temp.path)
  expect([code, stderr]).toEqual([0, ''])
  const file = temp.file('local-ca.crt')
  const { fingerprint256 } = new X509Certificate(await readFile(file))
  expect(stdout).toContain(`Certificate  ${file}\nSHA-256      ${fingerprint256}\n`)
  for (const word of [
    'update-ca-certificates',
    'update-ca-trust',
    'certutil',
    'Firefox',
    'add-trusted-cert',
    'Import-Certificate',
    '--cacert',
  ])
    expect(stdout).toContain(word)
  expect((await readdir(temp.path)).sort()).toEqual(['local-ca-key.pem', 'local-ca.crt'])
  expect((await runSluice('ca', '--data', temp.path)).stdout).toBe(stdout)
})

test('sluice ca says so when its folder can’t be written', async () => {
  const temp = await folder()
  await writeFile(temp.file('a-file'), '')
  const { code, stdout, stderr } = await runSluice('ca', '--data', temp.file('a-file'))
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toContain(temp.file('a-file'))
})

test('sluice serve --listen https:// serves with that certificate, and without it makes none', async () => {
  const temp = await folder()
  const plain = startSluice('serve', '--json', '--data', temp.path, '--listen', '127.0.0.1:0')
  await plain.line('listening')
  plain.signal('SIGTERM')
  await plain.exited
  expect(await readdir(temp.path)).toEqual([])

  const sluice = startSluice('serve', '--json', '--data', temp.path, '--listen', 'https://127.0.0.1:0')
  const { url } = await sluice.line('listening')
  const ca = await readFile(temp.file('local-ca.crt'), 'utf8')
  const { port } = new URL(String(url))
  expect((await fetchWhole(`https://localhost:${port}/no-such-route`, {}, { ca })).status).toBe(404)
  sluice.signal('SIGTERM')
  expect(await sluice.exited).toBe(0)
})

test('the command line and the desktop program have one folder', () => {
  expect(dataFolder('linux', { XDG_CONFIG_HOME: '/home/one/config' })).toBe('/home/one/config/Sluice')
  expect(dataFolder('linux', {})).toMatch(/\/\.config\/Sluice$/)
  expect(dataFolder('darwin', {})).toMatch(/Library\/Application Support\/Sluice$/)
  expect(dataFolder('win32', { APPDATA: '/roaming' })).toMatch(/^\/roaming.Sluice$/)
})
