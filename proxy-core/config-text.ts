import { isDeepStrictEqual } from 'node:util'
import { stringify, type Document } from 'yaml'
import { carryChange } from './merge-lines.ts'
import { maxAliasCount, parseYaml, replaceScalars } from './yaml-source.ts'

/** The text of an edited document: `source`, changed in those places alone that the edits touch. */
export function editedText(source: string, edited: Document): string {
  const style = isJson(source) ? jsonStyle(source) : yamlStyle(source)
  const read = parseYaml(source)
  const before = style.write(read)
  const after = style.write(edited)
  if (before === after) return source
  const lineBreak = source.includes('\r\n') ? '\r\n' : '\n'
  const carried = (polish: (text: string) => string) =>
    carryChange(linesOf(source), linesOf(polish(before)), linesOf(polish(after))).join(lineBreak)
  const candidates = [
    () => replaceScalars(source, read, edited, style.writeScalar),
    () => carried(style.polish),
    () => carried((text) => text),
  ]
  // These go by places and lines and know no YAML: what one made counts only if it means what was meant.
  for (const candidate of candidates) {
    const text = candidate()
    if (text !== null && saysTheSame(text, edited, isJson(source))) return text
  }
  return linesOf(after).join(lineBreak)
}

interface Style {
  readonly write: (document: Document) => string
  readonly writeScalar: (value: unknown) => string
  /** Closer to the hand's way than `write` can be, at the risk of a changed meaning. */
  readonly polish: (text: string) => string
}

function isJson(source: string): boolean {
  if (!source.trimStart().startsWith('{')) return false
  try {
    JSON.parse(source)
    return true
  } catch {
    return false
  }
}

function jsonStyle(source: string): Style {
  const indent = /\n([ \t]+)\S/.exec(source)?.[1] ?? (source.trim().includes('\n') ? '  ' : '')
  const ending = source.endsWith('\n') ? '\n' : ''
  return {
    write: (document) => JSON.stringify(document.toJS({ maxAliasCount }), null, indent) + ending,
    writeScalar: (value) => JSON.stringify(value),
    polish: (text) => text,
  }
}

function yamlStyle(source: string): Style {
  const options = {
    indent: /^( {2,8})[^\s#]/m.exec(source)?.[1]?.length ?? 2,
    indentSeq: !/^- /m.test(source),
    lineWidth: 0,
    flowCollectionPadding: /[[{] /.test(source),
    singleQuote: (source.match(/'/g)?.length ?? 0) > (source.match(/"/g)?.length ?? 0),
  }
  return {
    write: (document) => document.toString(options),
    writeScalar: (value) => stringify(value, options).trimEnd(),
    polish: (text) => (/\[ /.test(source) ? text : text.replace(/\[ /g, '[').replace(/ \]/g, ']')),
  }
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/)
}

function saysTheSame(text: string, edited: Document, mustBeJson: boolean): boolean {
  if (mustBeJson && !isJson(text)) return false
  const document = parseYaml(text)
  return document.errors.length === 0 && isDeepStrictEqual(document.toJS({ maxAliasCount }), edited.toJS({ maxAliasCount }))
}
