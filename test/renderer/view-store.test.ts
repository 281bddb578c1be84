import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'

const stored = new Map<string, string>()

beforeEach(() => {
  vi.resetModules()
  stored.clear()
  const localStorage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  }
  vi.stubGlobal('window', { localStorage })
})

afterEach(() => vi.unstubAllGlobals())

it('theme, sizes and columns outlive the window; what is selected does not', async () => {
  const first = await openWindow()
  first.setTheme('light')
  first.setRoutesWidth(340)
  first.rememberPanelLayout('detail', { list: 40, detail: 60 })
  first.hideColumns('events', ['gap'])
  first.setColumnWidth('events', 'type', 120)
  first.setColumnWidth('events', 'held', 90)
  first.setColumnWidth('events', 'held', null)
  first.saveFilter('slow', 'held:>1s')
  first.renameFilter('slow', 'held long')
  first.setTimeFormat('relative')
  first.selectExchange(7 as ExchangeId)
  first.setExchangeFilter('is:open')

  vi.resetModules()
  const { viewStore } = await openWindow()
  expect(viewStore.getState()).toMatchObject({
    theme: 'light',
    routesWidthPx: 340,
    panelLayouts: { detail: { list: 40, detail: 60 } },
    hiddenColumns: { events: ['gap'] },
    columnWidths: { events: { type: 120 } },
    savedFilters: [{ name: 'held long', text: 'held:>1s' }],
    timeFormat: 'relative',
    selectedExchangeId: null,
    exchangeFilter: '',
  })
})

it.each(['{"state":{"theme":"pink","routesWidthPx":-4},"version":1}', '{"state":null,"version":1}'])(
  'what was kept and makes no sense is left aside: %s',
  async (text) => {
    stored.set('sluice.view', text)
    const { viewStore, initialChoices } = await openWindow()
    expect(viewStore.getState()).toEqual(initialChoices)
  },
)

it('a window that is denied storage still has a theme', async () => {
  vi.stubGlobal('window', {
    get localStorage(): never {
      throw new Error('denied')
    },
  })
  const { viewStore, setTheme } = await openWindow()
  setTheme('dark')
  expect(viewStore.getState().theme).toBe('dark')
})

function openWindow() {
  return import('../../renderer/state/view-store.ts')
}
