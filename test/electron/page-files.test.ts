import path from 'node:path'
import { expect, test } from 'vitest'
import { contentSecurityPolicy, contentTypeOf, fileFor } from '../../electron/page-files.ts'

const folder = path.resolve('/app/out/renderer')

test('an address of the app names a file of its folder', () => {
  expect(fileFor(folder, 'app://sluice/')).toBe(path.join(folder, 'index.html'))
  expect(fileFor(folder, 'app://sluice/assets/index.js?v=1#top')).toBe(path.join(folder, 'assets/index.js'))
})

test.each([
  'app://sluice/../main/main.cjs',
  'app://sluice/%2e%2e/main/main.cjs',
  'app://sluice/..%2fmain%2fmain.cjs',
  'app://sluice/assets/..%2f..%2f..%2fpackage.json',
  'app://sluice/%00',
  'app://sluice/%ff',
  'app://elsewhere/index.html',
  'https://sluice/index.html',
])('nothing outside the folder is served at %s', (address) => {
  const file = fileFor(folder, address)
  expect(file === null || file.startsWith(folder + path.sep)).toBe(true)
})

test('the policy lets nothing unsafe in', () => {
  expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:/)
  expect(contentSecurityPolicy).toContain("default-src 'self'")
})

test('a script is served as a script', () => {
  expect(contentTypeOf('/x/index.js')).toBe('text/javascript; charset=utf-8')
  expect(contentTypeOf('/x/index.unknown')).toBe('application/octet-stream')
})
