import { z } from 'zod'

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
