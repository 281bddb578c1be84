import { isDeepStrictEqual } from 'node:util'
import { stringify, type Document } from 'yaml'
import { carryChange } from './merge-lines.ts'
import { maxAliasCount, parseYaml, replaceScalars } from './yaml-source.ts'

/** A text and its structure. */
export interface YamlText {
  readonly source: string
  readonly yaml: Document
}

/** The text of an edited document: `read.source`, changed in those places alone that the edits touch. */
export function editedText(read: YamlText, edited: Document): YamlText {
  const { source } = read
  const style = isJson(source) ? jsonStyle(source) : yamlStyle(source)
  const scalars = replaceScalars(source, read.yaml, edited, style.writeScalar)
  if (scalars === source) return read
  // These go by places and lines and know no YAML: what one made counts only if it means what was meant.
  const replaced = scalars === null ? null : parsedIfSame(scalars, edited, style)
  if (replaced) return replaced
  const before = style.write(read.yaml)
  const after = style.write(edited)
  const lineBreak = source.includes('\r\n') ? '\r\n' : '\n'
  for (const polish of [style.polish, (text: string) => text]) {
    const carried = carryChange(linesOf(source), linesOf(polish(before)), linesOf(polish(after))).join(lineBreak)
    const parsed = parsedIfSame(carried, edited, style)
    if (parsed) return parsed
  }
  const plain = linesOf(after).join(lineBreak)
  return { source: plain, yaml: parseYaml(plain) }
}

interface Style {
  readonly isJson: boolean
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
    isJson: true,
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
    isJson: false,
    write: (document) => document.toString(options),
    writeScalar: (value) => stringify(value, options).trimEnd(),
    polish: (text) => (/\[ /.test(source) ? text : text.replace(/\[ /g, '[').replace(/ \]/g, ']')),
  }
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/)
}

function parsedIfSame(text: string, edited: Document, style: Style): YamlText | null {
  if (style.isJson && !isJson(text)) return null
  const yaml = parseYaml(text)
  const isSame = yaml.errors.length === 0 && isDeepStrictEqual(yaml.toJS({ maxAliasCount }), edited.toJS({ maxAliasCount }))
  return isSame ? { source: text, yaml } : null
}
