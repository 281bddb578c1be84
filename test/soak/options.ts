import { parseArgs } from 'node:util'

/** What a soak run does, and for how long. */
export interface SoakOptions {
  readonly minutes: number
  readonly seed: number
  readonly openStreams: number
  readonly newPerSecond: number
  readonly withStalled: boolean
  readonly withPatience: boolean
}

export const usage = `npm run soak -- [MINUTES] [options]
  MINUTES              how long streams come and go (2)
  --seed N             what chance starts from; printed by each run
  --streams N          open streams (300)
  --new N              new ones per second (50)
  --stalled            besides, 20 clients that stop reading for 60 s (QUALITY F3)
  --patience           besides, an upstream that thinks for 61 s and one that is silent for 310 s (QUALITY F6)
`

/** Reads the options of the command line; throws with a sentence on what is wrong. */
export function readOptions(args: readonly string[]): SoakOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seed: { type: 'string' },
      streams: { type: 'string' },
      new: { type: 'string' },
      stalled: { type: 'boolean', default: false },
      patience: { type: 'boolean', default: false },
    },
  })
  return {
    minutes: number('MINUTES', positionals[0], 2),
    seed: number('--seed', values.seed, Date.now() % 1_000_000_000),
    openStreams: number('--streams', values.streams, 300),
    newPerSecond: number('--new', values.new, 50),
    withStalled: values.stalled,
    withPatience: values.patience,
  }
}

function number(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  const value = Number(text)
  if (!(value > 0)) throw new Error(`${option} takes a number above 0, not ${text}.`)
  return value
}
