import { isMap, isScalar, isSeq, Pair, parseDocument, visit, type Document, type LineCounter, type YAMLMap, type YAMLSeq } from 'yaml'

/** Aliases that one config may expand to; more is a bomb. */
export const maxAliasCount = 100

/** Parses config text: one document, text keys, none twice. Each comment belongs to what it stands beside. */
export function parseYaml(text: string, lineCounter?: LineCounter): Document {
  const options = { prettyErrors: false, stringKeys: true, uniqueKeys: true, logLevel: 'error' } as const
  const yaml: Document = parseDocument(text, lineCounter ? { ...options, lineCounter } : options)
  visit(yaml, { Seq: (_, list) => handFirstComment(list) })
  handLastComment(yaml, text)
  return yaml
}

/** The parser gives the comment above the first item to the list; the lines that touch the item are the item's own. */
function handFirstComment(list: YAMLSeq): void {
  const first = list.items[0]
  const comment = list.commentBefore
  if (!isMap(first) || typeof comment !== 'string' || first.spaceBefore === true) return
  const paragraphs = comment.split(/\n\n+/)
  const own = paragraphs.pop()
  first.commentBefore = [own, first.commentBefore].filter((part) => typeof part === 'string').join('\n')
  list.commentBefore = paragraphs.length > 0 ? paragraphs.join('\n\n') : null
  if (paragraphs.length > 0) first.spaceBefore = true
}

/** The parser gives the comments at the end of a file to the innermost last item; those that are not indented belong to the file. */
function handLastComment(yaml: Document, text: string): void {
  const lines = text.trimEnd().split(/\r?\n/)
  const end = lines.findLastIndex((line) => !line.startsWith('#') && line.trim() !== '')
  const comment = lines.slice(end + 1).flatMap((line) => (line.startsWith('#') ? [line.slice(1)] : []))
  for (let node: unknown = yaml.contents; comment.length > 0 && (isMap(node) || isSeq(node)); node = lastChild(node)) {
    const own = node.comment?.split('\n')
    if (own?.slice(-comment.length).join('\n') !== comment.join('\n')) continue
    node.comment = own.slice(0, -comment.length).join('\n').trimEnd() || null
    yaml.comment = [...comment, ...(typeof yaml.comment === 'string' ? [yaml.comment] : [])].join('\n')
    return
  }
}

function lastChild(node: unknown): unknown {
  if (isSeq(node)) return node.items.at(-1)
  return isMap(node) ? node.items.at(-1)?.value : undefined
}

/**
 * A copy whose mapping and list of `shared` can be changed without changing the other's. The items of that list are shared:
 * copying 200 routes takes 20 ms, and an edit changes one, which it copies first.
 */
export function copyYaml(yaml: Document, shared: string): Document {
  const { contents } = yaml
  // `clone` copies the contents too, and these are what takes so long.
  yaml.contents = null
  const copy: Document = yaml.clone()
  yaml.contents = contents
  copy.contents = contents
  if (!isMap(contents)) return copy
  const map = shallow(contents)
  map.items = contents.items.map((pair) => {
    const isShared = isScalar(pair.key) && pair.key.value === shared && isSeq(pair.value)
    return isShared ? new Pair(pair.key, shallow(pair.value as YAMLSeq)) : pair.clone()
  })
  copy.contents = map
  return copy
}

function shallow<T extends YAMLMap | YAMLSeq>(collection: T): T {
  const copy = Object.create(Object.getPrototypeOf(collection) as object, Object.getOwnPropertyDescriptors(collection)) as T
  copy.items = [...collection.items] as T['items']
  return copy
}

/** The source with other scalars in place, each where the old one stood; null when more than scalars differ. */
export function replaceScalars(source: string, before: Document, after: Document, write: (value: unknown) => string): string | null {
  const changes: { from: number; to: number; text: string }[] = []
  const isSame = (left: unknown, right: unknown): boolean => {
    if (isMap(left) && isMap(right)) {
      return left.items.length === right.items.length && left.items.every((pair, index) => isSamePair(pair, right.items[index]))
    }
    if (isSeq(left) && isSeq(right)) {
      return left.items.length === right.items.length && left.items.every((item, index) => isSame(item, right.items[index]))
    }
    if (!isScalar(left) || !isScalar(right)) return left === right
    if (left.value === right.value) return true
    if (!left.range) return false
    changes.push({ from: left.range[0], to: left.range[1], text: write(right.value) })
    return true
  }
  const isSamePair = (left: { key: unknown; value: unknown }, right: { key: unknown; value: unknown } | undefined): boolean =>
    right !== undefined &&
    isScalar(left.key) &&
    isScalar(right.key) &&
    left.key.value === right.key.value &&
    isSame(left.value, right.value)
  if (!isSame(before.contents, after.contents)) return null
  return changes.reduceRight(
    (text, { from, to, text: scalar }) => text.slice(0, from) + withColumnKept(scalar, text.slice(from, to), text.slice(to)),
    source,
  )
}

/** A comment that was lined up by hand stays in its column. */
function withColumnKept(scalar: string, old: string, rest: string): string {
  const spaces = /^( +)#/.exec(rest)?.[1]?.length ?? 0
  const wanted = spaces - (scalar.length - old.length)
  return spaces > 1 && wanted >= 1 ? scalar + ' '.repeat(wanted) + rest.slice(spaces) : scalar + rest
}
