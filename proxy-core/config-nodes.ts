import { isDeepStrictEqual } from 'node:util'
import { isAlias, isMap, isScalar, isSeq, Pair, visit, type Document, type Node, type YAMLMap, type YAMLSeq } from 'yaml'

interface Fields {
  readonly [key: string]: unknown
}

/** The field that a short form stands for: `buffering: on`, `upstream: URL`. */
const shortForms: { readonly [key: string]: string } = { buffering: 'response', upstream: 'url' }

/** The node under a key. An alias gives way to a copy of what it names, so that an edit stays where it was made. */
export function ownNode(yaml: Document, map: YAMLMap, key: string): unknown {
  const pair = pairOf(map, key)
  if (!pair) return undefined
  if (isAlias(pair.value)) {
    const copy = pair.value.resolve(yaml)?.clone() as Node | undefined
    if (copy && 'anchor' in copy) delete copy.anchor
    pair.value = copy ?? null
  }
  return pair.value
}

/** Makes a mapping say `wanted` where it says `current`: what is equal is not touched, what has its default is not added. */
export function changeMap(yaml: Document, map: YAMLMap, wanted: Fields, current: Fields, defaults: Fields): void {
  const order = Object.keys(wanted)
  for (const key of new Set([...order, ...Object.keys(current)])) {
    if (isDeepStrictEqual(wanted[key], current[key])) continue
    changeKey(yaml, map, key, { wanted: wanted[key], current: current[key], byDefault: defaults[key] }, order)
  }
}

/** A mapping that says `wanted` in the fewest words: what has its default is left out. */
export function minimalNode(yaml: Document, wanted: Fields, defaults: Fields): YAMLMap {
  return freshNode(yaml, minimal(wanted, defaults)) as YAMLMap
}

interface Change {
  readonly wanted: unknown
  readonly current: unknown
  readonly byDefault: unknown
}

function changeKey(yaml: Document, map: YAMLMap, key: string, change: Change, order: readonly string[]): void {
  const { wanted, current, byDefault } = change
  const node = ownNode(yaml, map, key)
  if (wanted === undefined) {
    map.delete(key)
  } else if (node === undefined) {
    addKey(yaml, map, key, change, order)
  } else if (isFields(wanted)) {
    changeFields(yaml, map, key, { wanted, current: fieldsOf(current), byDefault: fieldsOf(byDefault) })
  } else if (Array.isArray(wanted) && isSeq(node)) {
    if (wanted.length === 0 && isDeepStrictEqual(byDefault, [])) map.delete(key)
    else changeList(yaml, node, wanted)
  } else {
    map.set(key, isScalar(node) ? wanted : freshNode(yaml, wanted))
  }
}

function addKey(yaml: Document, map: YAMLMap, key: string, change: Change, order: readonly string[]): void {
  const value = minimalValue(key, change.wanted, change.byDefault)
  if (value === undefined) return
  const before = order.slice(0, order.indexOf(key))
  const last = map.items.findLastIndex((item) => isScalar(item.key) && before.includes(String(item.key.value)))
  const at = order.includes(key) && (last >= 0 || before.length === 0) ? last + 1 : map.items.length
  map.items.splice(at, 0, new Pair(yaml.createNode(key), freshNode(yaml, value)))
}

function changeFields(yaml: Document, map: YAMLMap, key: string, change: { wanted: Fields; current: Fields; byDefault: Fields }): void {
  const node = ownNode(yaml, map, key)
  const short = shortForms[key]
  if (isScalar(node) && short !== undefined) {
    const { [short]: wantedShort, ...wantedRest } = change.wanted
    const { [short]: _, ...currentRest } = change.current
    if (wantedShort !== undefined && isDeepStrictEqual(wantedRest, currentRest)) {
      node.value = wantedShort
      return
    }
    const long = freshNode(yaml, {}) as YAMLMap
    long.flow = map.flow === true
    long.items.push(new Pair(yaml.createNode(short), node))
    const pair = pairOf(map, key)
    if (pair) pair.value = long
  }
  const child = pairOf(map, key)?.value
  if (!isMap(child)) return
  changeMap(yaml, child, change.wanted, change.current, change.byDefault)
  if (child.items.length === 0) map.delete(key)
}

function changeList(yaml: Document, list: YAMLSeq, wanted: readonly unknown[]): void {
  const old = [...list.items]
  list.items = wanted.map((value) => {
    const words = minimalItem(value)
    const kept = old.findIndex((item) => isDeepStrictEqual(plain(yaml, item), words) || isDeepStrictEqual(plain(yaml, item), value))
    return kept >= 0 ? old.splice(kept, 1)[0] : freshNode(yaml, words)
  })
}

function plain(yaml: Document, item: unknown): unknown {
  return isScalar(item) || isMap(item) || isSeq(item) || isAlias(item) ? item.toJS(yaml) : item
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((item) => isScalar(item.key) && item.key.value === key)
}

function freshNode(yaml: Document, value: unknown): Node {
  const node = yaml.createNode(value, { aliasDuplicateObjects: false })
  visit(node, {
    Seq: (_, list) => {
      list.flow = list.items.every((item) => isScalar(item))
    },
  })
  return node
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {}
}

function minimal(wanted: Fields, defaults: Fields): Fields {
  const entries = Object.entries(wanted).map(([key, value]) => [key, minimalValue(key, value, defaults[key])] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

function minimalValue(key: string, wanted: unknown, byDefault: unknown): unknown {
  if (wanted === undefined || isDeepStrictEqual(wanted, byDefault)) return undefined
  if (Array.isArray(wanted)) return wanted.map(minimalItem)
  if (!isFields(wanted)) return wanted
  const fields = minimal(wanted, fieldsOf(byDefault))
  const short = shortForms[key]
  const isShort = short !== undefined && Object.keys(fields).length === 1 && fields[short] !== undefined
  return isShort ? fields[short] : fields
}

/** A node of an upstream that weighs 1 is written without its weight. */
function minimalItem(item: unknown): unknown {
  if (!isFields(item) || item['weight'] !== 1) return item
  const { weight: _, ...rest } = item
  return rest
}
