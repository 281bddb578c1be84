import { isMap, isSeq, LineCounter, YAMLSeq, type Document, type YAMLMap } from 'yaml'
import { checkConfig, placeFault, syntaxIssue } from './config-issues.ts'
import { changeMap, minimalNode, ownNode } from './config-nodes.ts'
import { editedText, type YamlText } from './config-text.ts'
import type { Config, ConfigIssue } from './contract/config.ts'
import { GatewayError } from './contract/errors.ts'
import type { HistorySettings } from './contract/history.ts'
import { Route, type RouteInput } from './contract/route.ts'
import { copyYaml, parseYaml } from './yaml-source.ts'

/** A config file's text with its structure. Edits change the structure; `toText` writes them into the text. */
export interface ConfigDocument {
  /** The text and its structure as they were read; never edited. */
  readonly read: YamlText
  readonly yaml: Document
}

/** A config and the document that says it, or where the text is wrong. */
export type ParsedConfig =
  | { readonly ok: true; readonly document: ConfigDocument; readonly config: Config }
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] }

/** Reads and checks the text of a config; each issue has its line and column. */
export function parseConfig(text: string): ParsedConfig {
  const lines = new LineCounter()
  const yaml = parseYaml(text, lines)
  // A broken structure makes mistakes of all that follows: the first one alone tells something.
  const broken = yaml.errors[0] ?? yaml.warnings[0]
  if (broken) return { ok: false, issues: [syntaxIssue(broken, lines)] }
  const checked = checkConfig(yaml)
  if (checked.ok) return { ok: true, document: unedited({ source: text, yaml }), config: checked.config }
  const issues = checked.faults.map((fault) => placeFault(yaml, lines, fault))
  return { ok: false, issues: issues.toSorted((a, b) => a.line - b.line || a.column - b.column) }
}

/** A copy that can be edited without changing the other. */
export function copyDocument(document: ConfigDocument): ConfigDocument {
  return { read: document.read, yaml: copyYaml(document.yaml, 'routes') }
}

/** The document's text: as it was read, but for the places that the edits touch. */
export function toText(document: ConfigDocument): string {
  return writeDocument(document).read.source
}

/** The document as it reads once its edits are in its text. */
export function writeDocument(document: ConfigDocument): ConfigDocument {
  return unedited(editedText(document.read, document.yaml))
}

/** Adds a route, or changes the one of that id where the two differ; `index` places it in the list. */
export function setRoute(document: ConfigDocument, input: RouteInput, index?: number): void {
  const wanted = checkedRoute(input)
  const routes = routeList(document)
  const found = findRoute(routes, wanted.id)
  if (found) {
    const node = found.clone() as YAMLMap
    routes.items[routes.items.indexOf(found)] = node
    changeMap(document.yaml, node, wanted, routeOf(document, node), defaults)
    if (index !== undefined) moveRoute(document, wanted.id, index)
    return
  }
  const added = minimalNode(document.yaml, wanted, defaults)
  if (routes.items.length === 0) routes.flow = isFlow(document.yaml.contents)
  rearrange(routes, (items) => items.splice(index ?? items.length, 0, added))
}

/** Takes a route out, with the comments above it. */
export function removeRoute(document: ConfigDocument, id: string): void {
  const routes = routeList(document)
  const node = existing(routes, id)
  rearrange(routes, (items) => items.splice(items.indexOf(node), 1))
}

/** Puts a route at another place in the list; its comments go with it. */
export function moveRoute(document: ConfigDocument, id: string, index: number): void {
  const routes = routeList(document)
  const node = existing(routes, id)
  if (routes.items[index] === node) return
  rearrange(routes, (items) => {
    items.splice(items.indexOf(node), 1)
    items.splice(index, 0, node)
  })
}

/** Sets one field of a route, such as `['buffering', 'response']`; undefined takes it out. */
export function setRouteField(document: ConfigDocument, id: string, path: readonly string[], value: unknown): void {
  const node = existing(routeList(document), id)
  const route: { [key: string]: unknown } = structuredClone(routeOf(document, node))
  let parent = route
  for (const key of path.slice(0, -1)) {
    const child = parent[key]
    if (typeof child !== 'object' || child === null) throw noSuchField(path)
    parent = child as { [key: string]: unknown }
  }
  const last = path.at(-1)
  if (last === undefined) throw noSuchField(path)
  parent[last] = value
  setRoute(document, route as RouteInput)
}

/** Sets what all captures together may keep. */
export function setCaptureBudget(document: ConfigDocument, budgetMiB: number): void {
  setSection(document, 'capture', { budgetMiB })
}

/** Sets whether a history is kept on disk, and how much of it. */
export function setHistory(document: ConfigDocument, settings: HistorySettings): void {
  setSection(document, 'history', settings)
}

function setSection({ yaml }: ConfigDocument, name: 'capture' | 'history', settings: object): void {
  if (!isMap(yaml.contents)) throw new Error('a document that is no mapping cannot be edited')
  const section = ownNode(yaml, yaml.contents, name)
  const current: unknown = isMap(section) ? section.toJS(yaml) : undefined
  // The other keys say where among them a new one belongs.
  const others = { version: undefined, listen: undefined, remote: undefined, ...(name === 'history' ? { capture: undefined } : {}) }
  changeMap(yaml, yaml.contents, { ...others, [name]: settings }, { ...others, [name]: current }, {})
}

function noSuchField(path: readonly string[]): GatewayError {
  return new GatewayError('invalid-input', `A route has no field ${path.join('.')}.`)
}

function checkedRoute(input: unknown): Route {
  const checked = Route.safeParse(input)
  if (checked.success) return checked.data
  const issues = checked.error.issues.map(({ path, message }) => ({
    path: path.map((key) => (typeof key === 'number' ? key : String(key))),
    message,
  }))
  throw new GatewayError('invalid-input', issues[0]?.message ?? 'This is not a route.', issues)
}

const defaults = routeDefaults()

/** A route without what every route must say for itself. */
function routeDefaults(): { readonly [key: string]: unknown } {
  const bare = Route.parse({ id: 'bare', match: { path: '/' }, upstream: 'demo:' })
  const { id: _id, match, upstream, ...rest } = bare
  const { path: _path, ...matchRest } = match
  const { url: _url, ...upstreamRest } = upstream
  return { ...rest, match: matchRest, upstream: upstreamRest }
}

function routeOf(document: ConfigDocument, node: YAMLMap): Route {
  return checkedRoute(node.toJS(document.yaml))
}

function isFlow(node: unknown): boolean {
  return isMap(node) && node.flow === true
}

function routeList(document: ConfigDocument): YAMLSeq {
  const { yaml } = document
  if (!isMap(yaml.contents)) throw new Error('a document that is no mapping cannot be edited')
  const node = ownNode(yaml, yaml.contents, 'routes')
  if (isSeq(node)) return node
  const routes = new YAMLSeq()
  yaml.contents.set('routes', routes)
  return routes
}

function findRoute(routes: YAMLSeq, id: string): YAMLMap | undefined {
  return routes.items.find((item): item is YAMLMap => isMap(item) && item.get('id') === id)
}

function existing(routes: YAMLSeq, id: string): YAMLMap {
  const node = findRoute(routes, id)
  if (!node) throw new GatewayError('route-not-found', `There is no route called ${id}.`)
  return node
}

/** Changes the order of the list; the blank lines that part its items stay between them. */
function rearrange(routes: YAMLSeq, change: (items: unknown[]) => void): void {
  const isParted = routes.items.slice(1).some(hasSpaceBefore)
  const before = [...routes.items]
  const firstIsParted = hasSpaceBefore(before[0])
  change(routes.items)
  routes.items = routes.items.map((item, index) => {
    if (index === 0) return withSpaceBefore(item, firstIsParted)
    return item === before[0] || !before.includes(item) ? withSpaceBefore(item, isParted) : item
  })
}

function hasSpaceBefore(item: unknown): boolean {
  return isMap(item) && item.spaceBefore === true
}

function withSpaceBefore(item: unknown, spaceBefore: boolean): unknown {
  if (!isMap(item) || hasSpaceBefore(item) === spaceBefore) return item
  const copy = item.clone() as YAMLMap
  copy.spaceBefore = spaceBefore
  return copy
}

function unedited(read: YamlText): ConfigDocument {
  return { read, yaml: copyYaml(read.yaml, 'routes') }
}
