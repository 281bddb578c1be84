import { z } from 'zod'

/** The name of a recording: lower-case letters, digits and hyphens. */
export const RecordingName = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/, {
  error: 'Use 1 to 64 lower-case letters, digits and hyphens.',
})

/** A recording that can be played by an upstream `replay:NAME`. */
export interface Recording {
  readonly name: string
  readonly bytes: number
  readonly savedAt: number
}

/** An upstream URL that plays a recording: `replay:NAME`, faster or slower with `?speed=N`, all at once with `?speed=max`. */
export const replayUrlPattern = /^replay:([a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?)(?:\?speed=(max|\d{1,4}(?:\.\d{1,3})?))?$/
