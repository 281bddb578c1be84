import type { z } from 'zod'
import { useStore } from 'zustand'
import { persist } from 'zustand/middleware'
import { createStore } from 'zustand/vanilla'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import type { Route, RouteId } from '../../proxy-core/contract/route.ts'
import type { RequestDraft } from '../compose/request-draft.ts'
import { firstDraft } from '../compose/request-presets.ts'
import { withSentDraft } from '../compose/sent-drafts.ts'
import { remembered, Remembered, rememberedStorage } from './remembered.ts'

export type ThemeChoice = z.output<typeof Remembered>['theme']
export type TimeFormat = z.output<typeof Remembered>['timeFormat']
export type DetailPlacement = z.output<typeof Remembered>['detailPlacement']
export type DetailTab = 'events' | 'assembled' | 'headers' | 'raw' | 'timing'

/** What the route form is open for: a new route, one to change, or a copy of one. */
export type RouteFormTarget =
  | { readonly mode: 'add'; readonly upstreamUrl?: string; readonly path?: string }
  | { readonly mode: 'edit'; readonly source: Route }
  | { readonly mode: 'duplicate'; readonly source: Route; readonly index: number }

/** Two exchanges side by side, and what the axis they share counts from. */
export interface Comparison {
  readonly first: ExchangeId
  readonly second: ExchangeId
  readonly axis: 'start' | 'clock'
}

export interface DraftSource {
  readonly gaps: readonly string[]
  readonly onSent: ((id: ExchangeId) => void) | null
}

/** What the person in front of the window has chosen; only sizes, columns and the theme outlive the window. */
export interface View extends Readonly<z.output<typeof Remembered>> {
  readonly selectedRouteId: RouteId | null
  readonly selectedExchangeId: ExchangeId | null
  /** It was selected right after another: somebody steps through the list. */
  readonly isSelectionHurried: boolean
  readonly exchangeFilter: string
  readonly isExchangeListPaused: boolean
  readonly detailTab: DetailTab
  readonly routesCollapsed: boolean
  readonly routeForm: RouteFormTarget | null
  readonly isComposing: boolean
  readonly isPaletteOpen: boolean
  readonly comparison: Comparison | null
  readonly isHistoryOpen: boolean
  /** The exchange that someone wants to forget for good, and has yet to confirm. */
  readonly forgettingId: ExchangeId | null
  /** A row that is to be selected when its exchange is shown. */
  readonly revealedRow: { readonly exchangeId: ExchangeId; readonly row: number } | null
  /** The exchange for which another one is picked to compare it with. */
  readonly comparedId: ExchangeId | null
  readonly requestDraft: RequestDraft
  /** Where the draft is that of a captured request: what is missing of it, in sentences, and who is told of its exchange. */
  readonly draftSource: DraftSource
  /** A route that is to be scrolled into sight. */
  readonly revealedRouteId: RouteId | null
}

const noSource: DraftSource = { gaps: [], onSent: null }

/** The view before anything was chosen. */
export const initialChoices: View = {
  sentDrafts: [],
  theme: 'system',
  detailPlacement: 'below',
  assembledForm: 'markdown',
  assembledPaths: {},
  routesWidthPx: 296,
  panelLayouts: {},
  hiddenColumns: {},
  columnWidths: {},
  savedFilters: [],
  timeFormat: 'compact',
  selectedRouteId: null,
  selectedExchangeId: null,
  isSelectionHurried: false,
  exchangeFilter: '',
  isExchangeListPaused: false,
  detailTab: 'events',
  routesCollapsed: false,
  routeForm: null,
  isComposing: false,
  isPaletteOpen: false,
  isHistoryOpen: false,
  forgettingId: null,
  revealedRow: null,
  comparison: null,
  comparedId: null,
  requestDraft: firstDraft,
  draftSource: noSource,
  revealedRouteId: null,
}

/** The store of what was chosen, for code outside React. */
export const viewStore = createStore<View>()(
  persist(() => initialChoices, {
    name: 'sluice.view',
    version: 1,
    storage: rememberedStorage(),
    partialize: remembered,
    merge: (stored, choices) => {
      const checked = Remembered.partial().safeParse(stored)
      if (!checked.success) return choices
      const present = Object.fromEntries(Object.entries(checked.data).filter(([, value]) => value !== undefined))
      return { ...choices, ...present }
    },
  }),
)

/** Reads what was chosen and re-renders when the selected part changes. */
export function useView<T>(select: (view: View) => T): T {
  return useStore(viewStore, select)
}

export function setTheme(theme: ThemeChoice): void {
  viewStore.setState({ theme })
}

/** Selects a route, or none. */
export function selectRoute(id: RouteId | null): void {
  viewStore.setState({ selectedRouteId: id })
}

/** Selects the exchange whose detail is shown, or none. */
export function selectExchange(id: ExchangeId | null): void {
  const now = performance.now()
  viewStore.setState({ selectedExchangeId: id, isSelectionHurried: now - selectedAt < hurriedMs })
  selectedAt = now
}

/** A key that is held down repeats faster. */
const hurriedMs = 250
let selectedAt = Number.NEGATIVE_INFINITY

export function setExchangeFilter(exchangeFilter: string): void {
  viewStore.setState({ exchangeFilter })
}

/** Keeps a filter under a name; one of the same name gives way. */
export function saveFilter(name: string, text: string): void {
  viewStore.setState(({ savedFilters }) => ({ savedFilters: [...savedFilters.filter((saved) => saved.name !== name), { name, text }] }))
}

/** Calls a kept filter by another name. */
export function renameFilter(name: string, newName: string): void {
  viewStore.setState(({ savedFilters }) => ({
    savedFilters: savedFilters
      .filter((saved) => saved.name === name || saved.name !== newName)
      .map((saved) => (saved.name === name ? { ...saved, name: newName } : saved)),
  }))
}

export function forgetFilter(name: string): void {
  viewStore.setState(({ savedFilters }) => ({ savedFilters: savedFilters.filter((saved) => saved.name !== name) }))
}

/** Freezes the list as it is, or lets it follow again; streams go on either way. */
export function pauseExchangeList(isExchangeListPaused: boolean): void {
  viewStore.setState({ isExchangeListPaused })
}

export function setDetailTab(detailTab: DetailTab): void {
  viewStore.setState({ detailTab })
}

export function setAssembledForm(assembledForm: View['assembledForm']): void {
  viewStore.setState({ assembledForm })
}

export function setDetailPlacement(detailPlacement: DetailPlacement): void {
  viewStore.setState({ detailPlacement })
}

export function collapseRoutes(routesCollapsed: boolean): void {
  viewStore.setState({ routesCollapsed })
}

export function setRoutesWidth(routesWidthPx: number): void {
  viewStore.setState({ routesWidthPx })
}

/** Remembers the sizes of a split under its id. */
export function rememberPanelLayout(id: string, layout: Readonly<Record<string, number>>): void {
  viewStore.setState(({ panelLayouts }) => ({ panelLayouts: { ...panelLayouts, [id]: { ...layout } } }))
}

/** Hides these columns of a table. */
export function hideColumns(table: string, columns: readonly string[]): void {
  viewStore.setState(({ hiddenColumns }) => ({ hiddenColumns: { ...hiddenColumns, [table]: [...columns] } }))
}

/** Makes a column of a table so wide; with null, as wide as it is by itself. */
export function setColumnWidth(table: string, column: string, widthPx: number | null): void {
  viewStore.setState(({ columnWidths }) => {
    const { [column]: _, ...others } = columnWidths[table] ?? {}
    return { columnWidths: { ...columnWidths, [table]: widthPx === null ? others : { ...others, [column]: widthPx } } }
  })
}

/** Gives a table its columns back as they are by themselves. */
export function resetColumns(table: string): void {
  viewStore.setState(({ hiddenColumns, columnWidths }) => ({
    hiddenColumns: { ...hiddenColumns, [table]: [] },
    columnWidths: { ...columnWidths, [table]: {} },
  }))
}

export function setTimeFormat(timeFormat: TimeFormat): void {
  viewStore.setState({ timeFormat })
}

/** Opens the route form, or closes it. */
export function openRouteForm(routeForm: RouteFormTarget | null): void {
  viewStore.setState({ routeForm })
}

/** Opens the request panel, or closes it. */
export function compose(isComposing: boolean): void {
  viewStore.setState({ isComposing })
}

/** Opens the command palette, or closes it. */
export function openPalette(isPaletteOpen: boolean): void {
  viewStore.setState({ isPaletteOpen })
}

/** Opens the history on disk, or closes it. */
export function openHistory(isHistoryOpen: boolean): void {
  viewStore.setState({ isHistoryOpen })
}

/** Asks whether an exchange is to be forgotten for good, or no longer. */
export function askToForget(forgettingId: ExchangeId | null): void {
  viewStore.setState({ forgettingId })
}

/** Asks for a row to be selected, or says that it has been. */
export function revealRow(revealedRow: View['revealedRow']): void {
  viewStore.setState({ revealedRow })
}

/** Shows two exchanges side by side, each from its own start. */
export function openComparison(first: ExchangeId, second: ExchangeId): void {
  viewStore.setState({ comparison: { first, second, axis: 'start' }, comparedId: null })
}

export function closeComparison(): void {
  viewStore.setState({ comparison: null })
}

export function setComparisonAxis(axis: Comparison['axis']): void {
  viewStore.setState(({ comparison }) => ({ comparison: comparison && { ...comparison, axis } }))
}

/** Lets an exchange be picked to compare this one with, or stops that. */
export function pickComparison(comparedId: ExchangeId | null): void {
  viewStore.setState({ comparedId })
}

/** Opens the request panel on a draft that was made from a captured request. */
export function composeFrom(requestDraft: RequestDraft, gaps: readonly string[], onSent: ((id: ExchangeId) => void) | null = null): void {
  viewStore.setState({ isComposing: true, requestDraft, draftSource: { gaps, onSent } })
}

/** Changes the draft; a whole new one has nothing to do with where the old one came from. */
export function changeDraft(patch: Partial<RequestDraft>, isNew = false): void {
  viewStore.setState(({ requestDraft, draftSource }) => ({
    requestDraft: { ...requestDraft, ...patch },
    draftSource: isNew ? noSource : draftSource,
  }))
}

/** Remembers a draft that was sent; the oldest are forgotten for it. */
export function rememberDraft(draft: RequestDraft): void {
  viewStore.setState(({ sentDrafts }) => ({ sentDrafts: withSentDraft(sentDrafts, draft) }))
}

/** Forgets every request that was sent. */
export function forgetDrafts(): void {
  viewStore.setState({ sentDrafts: [] })
}

/** Asks for a route to be scrolled into sight, or says that it has been. */
export function revealRoute(revealedRouteId: RouteId | null): void {
  viewStore.setState({ revealedRouteId })
}
