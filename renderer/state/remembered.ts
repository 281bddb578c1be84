import { z } from 'zod'
import { createJSONStorage, type PersistStorage } from 'zustand/middleware'

const Draft = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  body: z.string(),
  buffering: z.enum(['route', 'off', 'on']),
  reconnects: z.boolean(),
})

/** What outlives the window of the choices made in it. */
export const Remembered = z.object({
  /** The requests that were sent last, newest first, without their secrets. */
  sentDrafts: z.array(Draft),
  theme: z.enum(['system', 'light', 'dark']),
  detailPlacement: z.enum(['below', 'right']),
  /** How assembled text is laid out. */
  assembledForm: z.enum(['markdown', 'plain']),
  /** Where the text is in streams whose format is not known, by the route that they came through. */
  assembledPaths: z.record(z.string(), z.string().max(500)),
  routesWidthPx: z.number().min(200).max(600),
  /** Sizes of split panels in percent, by the split's id and then the panel's. */
  panelLayouts: z.record(z.string(), z.record(z.string(), z.number())),
  /** Columns that are hidden by choice, by the table's id. */
  hiddenColumns: z.record(z.string(), z.array(z.string())),
  /** How the times of events are written: of day, with the day, or since the start of their exchange. */
  timeFormat: z.enum(['compact', 'full', 'relative']),
  /** Widths of columns that were changed, by the table's id and then the column's. */
  columnWidths: z.record(z.string(), z.record(z.string(), z.number().min(16).max(2000))),
  /** Filters of the exchange list that were kept, oldest first. */
  savedFilters: z.array(z.object({ name: z.string().max(80), text: z.string().max(500) })).max(100),
})
type Choices = z.output<typeof Remembered>

const keys = Remembered.keyof().options

/** What is to outlive the window of a view. */
export function remembered(view: Choices): Choices {
  // These are all keys of it, which `fromEntries` does not tell.
  return Object.fromEntries(keys.map((key) => [key, view[key]])) as Choices
}

/** Where it is kept. Written only when some of it changed, for the view changes with every key press in a list. */
export function rememberedStorage(): PersistStorage<Choices> | undefined {
  const storage = createJSONStorage<Choices>(rememberedPlace)
  if (!storage) return undefined
  let written: Choices | null = null
  return {
    ...storage,
    setItem: (name, value) => {
      const before = written
      if (before !== null && keys.every((key) => before[key] === value.state[key])) return
      written = value.state
      return storage.setItem(name, value)
    },
  }
}

// Tests run without a browser, and a window may be denied storage; then choices last as long as the window.
function rememberedPlace(): Storage | Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  try {
    if (typeof window !== 'undefined') return window.localStorage
  } catch {
    // Storage is denied here.
  }
  return { getItem: () => null, setItem: () => undefined, removeItem: () => undefined }
}
