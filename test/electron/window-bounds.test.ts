import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readBounds, writeBounds } from '../../electron/window-bounds.ts'

const display = { x: 0, y: 0, width: 1920, height: 1080 }
const bounds = { x: 100, y: 50, width: 1280, height: 800, isMaximized: false }
let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sluice-bounds-'))
  file = path.join(folder, 'window.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('the window comes back where it was, and nothing but the file is left behind', () => {
  writeBounds(file, bounds)
  expect(readBounds(file, [display])).toEqual(bounds)
  expect(readdirSync(folder)).toEqual(['window.json'])
})

test.each([
  ['beyond the right edge', { ...bounds, x: 1900 }],
  ['above the upper edge', { ...bounds, y: -20 }],
  ['on a display that is gone', { ...bounds, x: 4000 }],
])('a window %s is placed anew', (_where, lost) => {
  writeBounds(file, lost)
  expect(readBounds(file, [display])).toBeNull()
})

test.each(['', '{', '{"x":1}', '{"x":"1","y":1,"width":1,"height":1,"isMaximized":false}'])(
  'a file that says %j is as good as none',
  (text) => {
    writeFileSync(file, text)
    expect(readBounds(file, [display])).toBeNull()
  },
)

test('without a file there are no bounds', () => {
  expect(readBounds(file, [display])).toBeNull()
})
