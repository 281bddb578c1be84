import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter, type YAMLError } from 'yaml'
import type { z } from 'zod'
import { Config, configVersion, type ConfigIssue } from './contract/config.ts'
import type { Issue } from './contract/errors.ts'
import { maxAliasCount } from './yaml-source.ts'

/** Something wrong with a config; `isAboutKey` when the key itself is the mistake, not its value. */
export interface Fault extends Issue {
  readonly isAboutKey: boolean
}

/** A config that has passed every check, or all that is wrong with it. */
export type CheckedConfig = { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly faults: readonly Fault[] }

/** Checks what a document says against the contract. */
export function checkConfig(yaml: Document): CheckedConfig {
  if (yaml.contents === null || (isScalar(yaml.contents) && yaml.contents.value === null)) {
    return refused(`The file is empty; a config starts with version: ${configVersion}.`)
  }
  if (!isMap(yaml.contents)) return refused(`This is not a config: it starts with version: ${configVersion}, on a line of its own.`)
  let value: unknown
  try {
    value = yaml.toJS({ maxAliasCount })
  } catch (error) {
    return refused(error instanceof ReferenceError ? 'Too many or unknown aliases (*name).' : String(error))
  }
  const version: unknown = yaml.get('version')
  if (typeof version === 'number' && version > configVersion) {
    return refused(`This file was written by a newer Sluice: version ${version}; this one reads version ${configVersion}.`, ['version'])
  }
  const checked = Config.safeParse(value, { error: inPlainWords })
  return checked.success ? { ok: true, config: checked.data } : { ok: false, faults: checked.error.issues.flatMap(faultsOf) }
}

/** Where a fault is in the text: at its node, or where its nearest ancestor starts when it has none. */
export function placeFault(yaml: Document, lines: LineCounter, fault: Fault): ConfigIssue {
  let node: unknown = yaml.contents
  let offset = startOf(node) ?? 0
  for (const [depth, key] of fault.path.entries()) {
    if (isAlias(node)) node = node.resolve(yaml)
    const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === String(key)) : undefined
    const isKeyAtFault = fault.isAboutKey && depth === fault.path.length - 1
    const next: unknown = pair ? (isKeyAtFault ? pair.key : pair.value) : isSeq(node) ? node.items[Number(key)] : undefined
    const start = startOf(next)
    if (start === undefined) break
    node = next
    offset = start
  }
  return { path: fault.path, message: fault.message, ...placeOf(offset, lines) }
}

/** Where and why the text is no YAML. */
export function syntaxIssue(error: YAMLError, lines: LineCounter): ConfigIssue {
  return { path: [], message: syntaxMessages[error.code] ?? `${error.message}.`, ...placeOf(error.pos[0], lines) }
}

/** One issue as tools print it: `FILE:LINE:COLUMN message`. */
export function issueLine(file: string, issue: ConfigIssue): string {
  return `${file}:${issue.line}:${issue.column} ${issue.message}`
}

const syntaxMessages: { readonly [code: string]: string } = {
  BLOCK_AS_IMPLICIT_KEY:
    'A second colon is not expected here: put text that ends with a colon in quotes, such as "demo:", or check the indent.',
  DUPLICATE_KEY: 'This key is written twice.',
  MULTIPLE_DOCS: 'A config is one YAML document; here another one starts.',
  RESOURCE_EXHAUSTION: 'This is nested too deeply.',
  TAB_AS_INDENT: 'Indent with spaces, not tabs.',
}

function refused(message: string, path: Fault['path'] = []): CheckedConfig {
  return { ok: false, faults: [{ path, message, isAboutKey: false }] }
}

function startOf(node: unknown): number | undefined {
  return isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? node.range?.[0] : undefined
}

function placeOf(offset: number, lines: LineCounter): { line: number; column: number } {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)))
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], message: `There is no setting called ${key} here.`, isAboutKey: true }))
  }
  if (issue.code === 'invalid_key') return [{ path, message: issue.issues[0]?.message ?? issue.message, isAboutKey: true }]
  return [{ path, message: issue.message, isAboutKey: false }]
}

const expectations: { readonly [type: string]: string } = {
  object: 'Write settings here, each as key: value.',
  record: 'Write names with their values here, each as key: value.',
  array: 'Write a list here.',
  string: 'Write text here; put it in quotes.',
  number: 'Write a number here.',
  int: 'Write a whole number here.',
  boolean: 'Write true or false here.',
}

const inPlainWords: z.core.$ZodErrorMap = (issue) => {
  const isMissing = issue.input === undefined
  const name = String(issue.path?.at(-1) ?? 'This')
  if (issue.code === 'invalid_type') return isMissing ? `${name} is missing.` : expectations[issue.expected]
  if (issue.code === 'invalid_value') return `${isMissing ? `${name} is missing. ` : ''}Write ${issue.values.join(' or ')} here.`
  if (issue.code === 'too_small') return `This is at least ${issue.minimum}${unitOf(issue.origin)}.`
  if (issue.code === 'too_big') return `This is at most ${issue.maximum}${unitOf(issue.origin)}.`
  return undefined
}

function unitOf(origin: string): string {
  return origin === 'string' ? ' characters' : origin === 'array' ? ' long' : ''
}
