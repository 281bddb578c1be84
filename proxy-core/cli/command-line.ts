import { parseArgs } from 'node:util'
import { BufferingMode } from '../contract/buffering.ts'

/** Starts a gateway and runs until it is told to stop. */
export interface ServeCommand {
  readonly name: 'serve'
  /** Null serves the demo routes. */
  readonly configFile: string | null
  /** Addresses in place of the config's; empty leaves them. */
  readonly listen: readonly string[]
  readonly isJson: boolean
  readonly drainMs: number
  /** The folder for files of its own; null is this user's. */
  readonly dataDir: string | null
}

/** Sets the switch of one route in a config file; a gateway that runs on the file follows. */
export interface FlipCommand {
  readonly name: 'flip'
  readonly routeId: string
  readonly response: BufferingMode
  readonly configFile: string
}

/** What a command line asks for. */
export type Command =
  | ServeCommand
  | FlipCommand
  | { readonly name: 'check'; readonly file: string }
  | { readonly name: 'schema' }
  | { readonly name: 'ca'; readonly dataDir: string | null }
  | { readonly name: 'help' }
  | { readonly name: 'version' }
  | { readonly name: 'unclear'; readonly message: string }

export const usage = `sluice: a gateway for streaming HTTP, with a response-buffering switch that acts on open streams

  sluice serve [--config FILE] [--listen [https://]HOST:PORT]... [--json] [--drain SECONDS] [--data FOLDER]
      Serves the routes of FILE and follows its edits; without FILE the demo routes.
      --listen HOST:PORT  listens there in place of the addresses of the config; port 0 is any free port
      --listen https://HOST:PORT  the same with TLS and HTTP/2, by a local certificate: see sluice ca
      --json              prints one JSON object a line
      --drain SECONDS     on SIGTERM, SIGINT or SIGHUP, lets open exchanges go on so long (10); a second signal ends at once
  sluice check FILE
      Says where FILE is wrong: FILE:LINE:COLUMN message
  sluice flip ROUTE off|on|auto --config FILE
      Sets response buffering of a route; a gateway that runs on FILE follows at once, on open streams too.
  sluice ca [--data FOLDER]
      Prints the certificate of the https:// addresses and how to trust it; installs nothing.
  sluice schema
      Prints the JSON Schema of the config file, for editors.
  sluice --help | --version

Ends with 0 when all is well, 2 when the command line or the config is wrong, 1 when something else fails.
`

const defaultDrainSeconds = 10
const maxDrainSeconds = 86_400

/** Reads the arguments of the program. */
export function readCommand(args: readonly string[]): Command {
  const [first, ...rest] = args
  if (args.includes('--help') || args.includes('-h') || first === 'help') return { name: 'help' }
  if (first === '--version' || first === '-v' || first === 'version') return { name: 'version' }
  try {
    switch (first) {
      case 'serve':
        return readServe(rest)
      case 'check':
        return readCheck(rest)
      case 'flip':
        return readFlip(rest)
      case 'ca':
        return { name: 'ca', dataDir: parseArgs({ args: rest, options: { data: { type: 'string' } }, strict: true }).values.data ?? null }
      case 'schema':
        parseArgs({ args: rest, options: {}, strict: true })
        return { name: 'schema' }
      case undefined:
        return unclear('Name a command.')
      default:
        return unclear(`There is no command ${first}.`)
    }
  } catch (error) {
    // parseArgs refuses with a TypeError that says which argument it cannot place.
    if (error instanceof TypeError && 'code' in error) return unclear(error.message)
    throw error
  }
}

function readServe(args: string[]): Command {
  const { values } = parseArgs({
    args,
    options: {
      config: { type: 'string' },
      listen: { type: 'string', multiple: true },
      json: { type: 'boolean', default: false },
      drain: { type: 'string', default: String(defaultDrainSeconds) },
      data: { type: 'string' },
    },
    strict: true,
  })
  const drainSeconds = Number(values.drain)
  if (values.drain.trim() === '' || !(drainSeconds >= 0 && drainSeconds <= maxDrainSeconds)) {
    return unclear(`--drain takes a number of seconds, 0 to ${maxDrainSeconds}.`)
  }
  return {
    name: 'serve',
    configFile: values.config ?? null,
    listen: values.listen ?? [],
    isJson: values.json,
    drainMs: drainSeconds * 1000,
    dataDir: values.data ?? null,
  }
}

function readCheck(args: string[]): Command {
  const { values, positionals } = parseArgs({ args, options: { config: { type: 'string' } }, strict: true, allowPositionals: true })
  const files = values.config === undefined ? positionals : [values.config, ...positionals]
  const [file] = files
  return file === undefined || files.length > 1 ? unclear('Name one config file: sluice check FILE') : { name: 'check', file }
}

function readFlip(args: string[]): Command {
  const { values, positionals } = parseArgs({ args, options: { config: { type: 'string' } }, strict: true, allowPositionals: true })
  const [routeId, wanted] = positionals
  const response = BufferingMode.safeParse(wanted)
  if (routeId === undefined || !response.success || positionals.length > 2 || values.config === undefined) {
    return unclear('Name a route, a mode and the config file: sluice flip ROUTE off|on|auto --config FILE')
  }
  return { name: 'flip', routeId, response: response.data, configFile: values.config }
}

function unclear(message: string): Command {
  return { name: 'unclear', message }
}
