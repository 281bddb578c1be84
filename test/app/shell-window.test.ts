import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { electronToRun } from './support/electron.ts'
import { launchApp } from './support/launch.ts'

const root = path.resolve(import.meta.dirname, '../..')

test('a second start brings the window of the first to the front, and ends', async () => {
  const launched = await launchApp()
  try {
    const shown = launched.app.evaluate(
      ({ BrowserWindow }) =>
        new Promise<boolean>((resolve) => {
          const [window] = BrowserWindow.getAllWindows()
          window?.hide()
          window?.once('show', () => resolve(true))
        }),
    )
    const { executable, env, release } = await electronToRun()
    const second = spawn(executable, [root, '--no-sandbox', `--user-data-dir=${launched.userData}`], { env, stdio: 'ignore' })
    expect(await once(second, 'exit')).toEqual([0, null])
    release()
    expect(await shown).toBe(true)
    expect(await launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  } finally {
    await launched.close()
  }
})

test('the window comes back where and as large as it was', async () => {
  const userData = mkdtempSync(path.join(tmpdir(), 'sluice-window-'))
  const bounds = { x: 60, y: 80, width: 1000, height: 640 }
  try {
    const first = await launchApp({ userData })
    await first.app.evaluate(({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setBounds(wanted), bounds)
    await first.close()
    const second = await launchApp({ userData })
    expect(await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds())).toEqual(bounds)
    await second.close()
  } finally {
    rmSync(userData, { recursive: true })
  }
})

test('the menu enlarges the text up to twice its size, and no further', async () => {
  const launched = await launchApp()
  try {
    const factors = await launched.app.evaluate(({ BrowserWindow, Menu }) => {
      const [window] = BrowserWindow.getAllWindows()
      const items = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? []) ?? []
      const choose = (label: string) => items.find((item) => item.label === label)?.click(undefined, window, window?.webContents)
      const zoomFactor = () => Math.round((window?.webContents.getZoomFactor() ?? 0) * 100) / 100
      const seen: number[] = []
      for (let times = 0; times < 8; times++) {
        choose('Zoom in')
        seen.push(zoomFactor())
      }
      choose('Zoom out')
      seen.push(zoomFactor())
      choose('Actual size')
      return [...seen, zoomFactor()]
    })
    expect(factors).toEqual([1.1, 1.25, 1.5, 1.75, 2, 2, 2, 2, 1.75, 1])
  } finally {
    await launched.close()
  }
})
