import { app, Menu, type BaseWindow, BrowserWindow, type MenuItemConstructorOptions } from 'electron'

const zoomFactors = [0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2] as const

/** Sets the native menu: small, because the window has its own commands. */
export function setAppMenu(): void {
  const isMac = process.platform === 'darwin'
  const developer: MenuItemConstructorOptions[] = app.isPackaged ? [] : [{ type: 'separator' }, { role: 'toggleDevTools' }]
  const template: MenuItemConstructorOptions[] = [
    isMac ? { role: 'appMenu' } : { label: 'Sluice', submenu: [{ role: 'about' }, { type: 'separator' }, { role: 'quit' }] },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { role: 'reload' },
        { type: 'separator' },
        { label: 'Actual size', accelerator: 'CommandOrControl+0', click: (_item, window) => zoom(window, () => 1) },
        { label: 'Zoom in', accelerator: 'CommandOrControl+=', click: (_item, window) => zoom(window, larger) },
        // The same on keyboards where plus is reached with Shift or on the number block.
        { label: 'Zoom in', accelerator: 'CommandOrControl+Plus', visible: false, click: (_item, window) => zoom(window, larger) },
        { label: 'Zoom out', accelerator: 'CommandOrControl+-', click: (_item, window) => zoom(window, smaller) },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...developer,
      ],
    },
    { role: 'windowMenu' },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

function larger(factor: number): number {
  return zoomFactors.find((step) => step > factor + 0.01) ?? 2
}

function smaller(factor: number): number {
  return zoomFactors.findLast((step) => step < factor - 0.01) ?? 0.8
}

function zoom(window: BaseWindow | undefined, next: (factor: number) => number): void {
  if (!(window instanceof BrowserWindow)) return
  window.webContents.setZoomFactor(next(window.webContents.getZoomFactor()))
}
