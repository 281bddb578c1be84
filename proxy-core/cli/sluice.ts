import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { configSchema } from '../config-schema.ts'
import { checkConfigFile } from './check.ts'
import { readCommand, usage } from './command-line.ts'
import { dataFolder } from './data-folder.ts'
import { exitCodes } from './exit-codes.ts'
import { flipRoute } from './flip.ts'
import { printTrust } from './print-trust.ts'
import { serve } from './serve.ts'

/** What a gateway that has stopped told last waits for its reader for so long. */
const unreadMs = 1000

run(process.argv.slice(2)).then(leave, (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  leave(exitCodes.failed)
})

/** Ends once what was printed is out; a gateway ends also when nobody reads its log. */
function leave(code: number): void {
  if (process.argv[2] === 'serve') setTimeout(() => process.exit(code), unreadMs)
  process.stdout.write('', () => process.exit(code))
}

async function run(args: readonly string[]): Promise<number> {
  const command = readCommand(args)
  switch (command.name) {
    case 'help':
      process.stdout.write(usage)
      return exitCodes.ok
    case 'version':
      process.stdout.write(`${version()}\n`)
      return exitCodes.ok
    case 'ca':
      return await printTrust(command.dataDir ?? dataFolder())
    case 'schema':
      process.stdout.write(`${JSON.stringify(configSchema(), null, 2)}\n`)
      return exitCodes.ok
    case 'check':
      return await checkConfigFile(command.file)
    case 'flip':
      return await flipRoute(command)
    case 'serve':
      return await serve(command, version())
    case 'unclear':
      process.stderr.write(`${command.message}\nsluice --help tells what there is.\n`)
      return exitCodes.unclear
    default:
      return command satisfies never
  }
}

function version(): string {
  // Two folders up, as source and as built: proxy-core/cli and out/main.
  const file = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'package.json')
  const { version: read } = JSON.parse(readFileSync(file, 'utf8')) as { version: string }
  return read
}
