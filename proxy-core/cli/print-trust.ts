import type { ListenerTrust, TrustSteps } from '../contract/trust.ts'
import { LocalAuthority } from '../local-ca.ts'
import { describeTrust } from '../trust-steps.ts'
import { exitCodes } from './exit-codes.ts'

/** Prints the local certificate authority and how to trust it. Nothing is run or installed. */
export async function printTrust(folder: string): Promise<number> {
  const trust = describeTrust((await LocalAuthority.open(folder)).certificate, process.platform)
  if (trust.file === null) {
    process.stderr.write(`${folder} can't be written, so that there is no certificate to trust.\n`)
    return exitCodes.failed
  }
  process.stdout.write(trustText(trust, trust.file))
  return exitCodes.ok
}

function trustText(trust: ListenerTrust, file: string): string {
  const head = [
    `Certificate  ${file}`,
    `SHA-256      ${trust.fingerprint}`,
    `Valid until  ${new Date(trust.validUntil).toISOString().slice(0, 10)}`,
    '',
    'It vouches for localhost, *.localhost, 127.0.0.0/8 and ::1 alone. Nothing is installed by Sluice. To trust it:',
  ]
  return `${[...head, ...trust.steps.flatMap(stepLines)].join('\n')}\n`
}

function stepLines({ title, commands, note, undo }: TrustSteps): string[] {
  const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)
  return [
    '',
    title,
    ...indented(commands),
    ...(note === null ? [] : indented([`(${note})`])),
    ...(undo.length > 0 ? ['  To take it back:', ...indented(undo)] : []),
  ]
}
