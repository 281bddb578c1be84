import { ConfigFile } from '../config-file.ts'
import { issueLine } from '../config-issues.ts'
import type { ConfigIssue } from '../contract/config.ts'
import { GatewayError, type Issue } from '../contract/errors.ts'
import { exitCodes } from './exit-codes.ts'

/** Says whether a config file is good, and where it is not. */
export async function checkConfigFile(file: string): Promise<number> {
  const opened = await openStrictly(file)
  if (opened === null) return exitCodes.invalidConfig
  const { length } = opened.config.routes
  await opened.close()
  process.stdout.write(`${file} is good: ${length} ${length === 1 ? 'route' : 'routes'}\n`)
  return exitCodes.ok
}

/** Opens a config file that must be good; null, and its issues on stderr, when it is not. */
export async function openStrictly(file: string): Promise<ConfigFile | null> {
  try {
    return await ConfigFile.open({ file, fallback: 'version: 1', isStrict: true, onChange: ignore, onStatus: ignore })
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'config-invalid') throw error
    printIssues(file, error)
    return null
  }
}

/** Prints what is wrong with a config as `FILE:LINE:COLUMN message`, one issue a line. */
export function printIssues(file: string, error: GatewayError): void {
  const issues = error.issues ?? [{ path: [], message: error.message }]
  for (const issue of issues) process.stderr.write(`${issueLine(file, placed(issue))}\n`)
}

function placed(issue: Issue): ConfigIssue {
  const line = 'line' in issue && typeof issue.line === 'number' ? issue.line : 1
  const column = 'column' in issue && typeof issue.column === 'number' ? issue.column : 1
  return { ...issue, line, column }
}

function ignore(): void {
  // A file that is opened to be checked or edited once is not followed.
}
