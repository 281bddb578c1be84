import path from 'node:path'
import { expect, test } from 'vitest'
import { readCommandLine } from '../../electron/command-line.ts'

test('the options are read in both spellings, between the switches of Electron and Chromium', () => {
  expect(
    readCommandLine(['.', '--no-sandbox', '--config', 'a.yaml', '--listen=127.0.0.1:0', '--listen', '[::1]:0', '--inspect=0']),
  ).toEqual({
    configFile: path.resolve('a.yaml'),
    listen: ['127.0.0.1:0', '[::1]:0'],
    userDataDir: null,
  })
  expect(readCommandLine(['--user-data-dir=/tmp/sluice']).userDataDir).toBe(path.resolve('/tmp/sluice'))
})

test('an option that lacks its value is as if it were not there', () => {
  expect(readCommandLine(['--listen', '--config'])).toEqual({ configFile: null, listen: [], userDataDir: null })
})
