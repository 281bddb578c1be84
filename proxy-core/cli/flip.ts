import { setRouteField } from '../config-document.ts'
import { GatewayError } from '../contract/errors.ts'
import { openStrictly } from './check.ts'
import type { FlipCommand } from './command-line.ts'
import { exitCodes } from './exit-codes.ts'

/** Sets the switch of a route in its config file; every gateway that runs on the file follows. */
export async function flipRoute({ routeId, response, configFile }: FlipCommand): Promise<number> {
  const opened = await openStrictly(configFile)
  if (opened === null) return exitCodes.invalidConfig
  try {
    await opened.update((document) => setRouteField(document, routeId, ['buffering', 'response'], response))
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    process.stderr.write(`${error.message}\n`)
    return exitCodes.failed
  } finally {
    await opened.close()
  }
  process.stdout.write(`${routeId}: response buffering ${response}\n`)
  return exitCodes.ok
}
