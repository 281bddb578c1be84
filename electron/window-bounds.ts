import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const WindowBounds = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(1),
  height: z.int().min(1),
  isMaximized: z.boolean(),
})
/** Where the window was. */
export type WindowBounds = z.output<typeof WindowBounds>

interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** How much of the window's upper edge must be on a display, so that it can be taken hold of. */
const reachablePx = 100

/** The bounds last written to `file`; null when there are none, or when no display shows them now. */
export function readBounds(file: string, displays: readonly Rectangle[]): WindowBounds | null {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return null
  }
  const bounds = WindowBounds.safeParse(parse(text))
  return bounds.success && displays.some((display) => isReachable(bounds.data, display)) ? bounds.data : null
}

/** Writes the bounds so that a reader finds either the old or the new ones. */
export function writeBounds(file: string, bounds: WindowBounds): void {
  const next = `${file}.${process.pid}`
  writeFileSync(next, `${JSON.stringify(bounds)}\n`)
  renameSync(next, file)
}

function isReachable(bounds: WindowBounds, display: Rectangle): boolean {
  const visiblePx = Math.min(bounds.x + bounds.width, display.x + display.width) - Math.max(bounds.x, display.x)
  return visiblePx >= reachablePx && bounds.y >= display.y && bounds.y < display.y + display.height - reachablePx
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
