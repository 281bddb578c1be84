import { parseArgs } from 'node:util'
import { targetNames, type TargetName } from './targets.ts'

/** What can be measured, in this order. */
export const partNames = ['paced', 'alone', 'watched', 'crowd', 'growth'] as const
export type PartName = (typeof partNames)[number]

/** What a run of the benchmark measures, and for how long. */
export interface BenchOptions {
  /** Figures to look at, not to quote. */
  readonly isQuick: boolean
  readonly streams: number
  readonly eventsPerSecond: number
  readonly rounds: number
  readonly settleMs: number
  readonly measureMs: number
  readonly quietStreams: number
  readonly largeBytes: number
  readonly uploadBytes: number
  /** Connections that ask for small bodies. */
  readonly connections: number
  readonly parts: readonly PartName[]
  readonly names: readonly TargetName[]
  readonly markdownFile: string | null
}

export const usage = `npm run bench -- [options]
  --quick              less of everything, in under a minute
  --streams N          open paced streams (200)
  --rate N             events per second of each (20)
  --rounds N           how often each is measured (5; quick 3)
  --seconds N          how long each time (6; quick 1)
  --quiet-streams N    open streams when memory is weighed (5000; quick 500); 0 leaves it out
  --large-mib N        size of the large body, and half of it of the upload (512; quick 64); 0 leaves them out
  --parts PART,PART    of: ${partNames.join(', ')} (all; quick paced, alone)
  --only NAME,NAME     of: ${targetNames.join(', ')}
  --markdown FILE      writes the tables there too

npm run bench -- --window [SECONDS] [--markdown FILE]
  the window in the real app: frames, CPU and memory (60)
`

/** Reads the options of the command line; throws with a sentence on what is wrong. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      streams: { type: 'string' },
      rate: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      'quiet-streams': { type: 'string' },
      'large-mib': { type: 'string' },
      parts: { type: 'string' },
      only: { type: 'string' },
      markdown: { type: 'string' },
    },
  })
  const isQuick = values.quick
  const largeMib = number('--large-mib', values['large-mib'], isQuick ? 64 : 512)
  return {
    isQuick,
    streams: number('--streams', values.streams, 200),
    eventsPerSecond: number('--rate', values.rate, 20),
    rounds: number('--rounds', values.rounds, isQuick ? 3 : 5),
    settleMs: isQuick ? 250 : 1000,
    measureMs: number('--seconds', values.seconds, isQuick ? 1 : 6) * 1000,
    quietStreams: number('--quiet-streams', values['quiet-streams'], isQuick ? 500 : 5000),
    largeBytes: largeMib * 1_048_576,
    uploadBytes: Math.ceil(largeMib / 2) * 1_048_576,
    connections: 64,
    parts: values.parts === undefined ? (isQuick ? ['paced', 'alone'] : partNames) : named('--parts', values.parts, partNames),
    names: values.only === undefined ? targetNames : named('--only', values.only, targetNames),
    markdownFile: values.markdown ?? null,
  }
}

function number(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  const value = Number(text)
  if (!(value >= 0) || text.trim() === '') throw new Error(`${option} takes a number, not ${text}.`)
  return value
}

function named<Name extends string>(option: string, text: string, all: readonly Name[]): readonly Name[] {
  return text.split(',').map((part) => {
    const name = all.find((candidate) => candidate === part.trim())
    if (name === undefined) throw new Error(`${option} takes names out of: ${all.join(', ')}; not ${part}.`)
    return name
  })
}
