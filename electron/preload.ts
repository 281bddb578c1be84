import { contextBridge, ipcRenderer } from 'electron'
import { feedPortMessage, type Bridge } from '../proxy-core/contract/bridge.ts'
import type { Reply } from '../proxy-core/contract/errors.ts'

const bridge: Bridge = {
  command: (name, input) => ipcRenderer.invoke('command', name, input) as Promise<Reply<unknown>>,
  openFeed: () => void ipcRenderer.invoke('feed'),
}

// A port cannot cross the context bridge: the page gets it as a message from its own window.
ipcRenderer.on('feed', (event) => window.postMessage(feedPortMessage, location.origin, [...event.ports]))

contextBridge.exposeInMainWorld('sluice', bridge)
