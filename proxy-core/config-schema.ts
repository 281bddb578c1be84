import { z } from 'zod'
import { Config } from './contract/config.ts'
import { replayUrlPattern } from './contract/replay.ts'

/** A JSON Schema, as far as the one of a config needs it. */
export interface JsonSchema {
  [keyword: string]: unknown
  properties?: { [name: string]: JsonSchema }
  items?: JsonSchema
  anyOf?: JsonSchema[]
  description?: string
}

/** The JSON Schema of `sluice.yaml`, made from the contract, by which editors complete and check it. */
export function configSchema(): JsonSchema {
  const schema = z.toJSONSchema(Config, { io: 'input', target: 'draft-7' }) as JsonSchema
  for (const [path, change] of Object.entries(shortForms)) replaceAt(schema, path, change)
  for (const [path, description] of Object.entries(descriptions)) at(schema, path).description = description
  return { $schema: schema['$schema'], title: 'Sluice config', ...schema }
}

const mode = { enum: ['off', 'on', 'auto', true, false], default: 'off' }
const upstreamUrls = [
  { type: 'string', const: 'demo:' },
  { type: 'string', pattern: replayUrlPattern.source },
  { type: 'string', pattern: '^https?://[^?#@\\s]+$' },
]

/** What the contract reads in more than one form. Zod tells the long one alone: the short ones are functions to it. */
const shortForms: { readonly [path: string]: (long: JsonSchema) => JsonSchema } = {
  listen: (long) => ({ anyOf: [long.items ?? {}, long], default: '127.0.0.1:9080' }),
  'routes.upstream.url': () => ({ anyOf: upstreamUrls }),
  'routes.upstream.nodes.url': () => ({ anyOf: upstreamUrls }),
  'routes.upstream': (long) => ({ anyOf: [...upstreamUrls, long] }),
  'routes.buffering.response': () => mode,
  'routes.buffering': (long) => ({ anyOf: [mode, long] }),
}

const descriptions: { readonly [path: string]: string } = {
  version: 'The version of this format.',
  listen: 'The address to listen on, host:port, or a list of them. Port 0 is any free port. https:// before it: TLS and HTTP/2.',
  remote: 'What lets the gateway listen on an address that other machines reach.',
  'remote.allow': 'An explicit yes to that.',
  'remote.token': 'What each client must send as Sluice-Token: at least 22 letters, digits, - or _.',
  capture: 'What is kept to be looked at, of all routes together.',
  'capture.budgetMiB': 'How much memory captured bodies may take; the oldest are forgotten first. One exchange may take a quarter.',
  history: 'Exchanges that are kept on disk, so that a restart loses none of them.',
  'history.enabled': 'Keep exchanges that have ended or are pinned. false writes nothing.',
  'history.maxMiB': 'How large the file may grow; the oldest that are not pinned are forgotten first.',
  'history.maxDays': 'How long an exchange is kept that is not pinned.',
  routes: 'The routes. The one that fits a request best gets it.',
  'routes.id': 'A stable name of lower-case letters, digits and hyphens.',
  'routes.name': 'What the window calls it.',
  'routes.enabled': 'false takes the route out of use.',
  'routes.match': 'Which requests the route takes.',
  'routes.match.path': 'A path; a * at the end matches all that start so: /v1/*',
  'routes.match.hosts': 'Host names; *.example.com is allowed. Empty is any.',
  'routes.match.methods': 'Methods, such as GET. Empty is any.',
  'routes.priority': 'Higher is tried first; then exact before prefix, longer prefix first, host before no host.',
  'routes.stripPrefix': 'Leave the matched prefix out of the path that the upstream gets.',
  'routes.upstream':
    'Where requests go: a URL, "demo:" for the upstream that is built in, replay:NAME for a recording (?speed=10, ?speed=max), or settings.',
  'routes.upstream.url': 'Scheme, host, port and base path; or "demo:"; or replay:NAME.',
  'routes.upstream.nodes': 'Several upstreams in place of url.',
  'routes.upstream.nodes.url': 'Scheme, host, port and base path.',
  'routes.upstream.nodes.weight': 'Its share of the requests.',
  'routes.upstream.hostHeader': 'The Host that the upstream gets: client, upstream, or a name.',
  'routes.upstream.connectTimeoutMs': 'How long connecting may take.',
  'routes.upstream.headTimeoutMs': 'How long the head of the response may take; 0 is no limit.',
  'routes.upstream.idleTimeoutMs': 'How long the body may be quiet; 0 is no limit.',
  'routes.upstream.http2': 'Speak HTTP/2 where the upstream offers it.',
  'routes.upstream.tls': 'How an https upstream is trusted.',
  'routes.upstream.tls.verify': 'Check its certificate.',
  'routes.upstream.tls.ca': 'A certificate authority to trust besides the known ones: PEM text or a file.',
  'routes.upstream.tls.serverName': 'The name to ask for and to check, in place of the host.',
  'routes.buffering': 'How response bytes are handed on: off, on or auto, or settings.',
  'routes.buffering.response': 'off: each chunk at once. on: hold them. auto: event streams at once, hold the rest.',
  'routes.buffering.holdBytes': 'on: release whenever so many bytes are held; null is no size limit.',
  'routes.buffering.holdMs': 'on: release at the latest so long after the oldest held byte came; null is no time limit.',
  'routes.buffering.holdHead': 'on: hold the head of the response too, until the first release.',
  'routes.buffering.memoryBytes': 'How far a slow client is read ahead of in memory.',
  'routes.buffering.spoolBytes': 'How far after that in a temporary file.',
  'routes.headers': 'Header fields to change.',
  'routes.headers.request': 'On the way to the upstream.',
  'routes.headers.request.set': 'Fields to put in place of those of that name.',
  'routes.headers.request.add': 'Fields to add.',
  'routes.headers.request.remove': 'Names of fields to leave out.',
  'routes.headers.response': 'On the way to the client.',
  'routes.headers.response.set': 'Fields to put in place of those of that name.',
  'routes.headers.response.add': 'Fields to add.',
  'routes.headers.response.remove': 'Names of fields to leave out.',
  'routes.cors': 'Which web pages may use the route.',
  'routes.cors.origins': 'Their origins, such as https://app.example.com.',
  'routes.cors.credentials': 'Let them send cookies.',
  'routes.stream': 'What is done for event streams.',
  'routes.stream.heartbeatMs': 'Send a comment into a stream that was quiet so long; null sends none.',
  'routes.capture': 'What is kept to be looked at.',
  'routes.capture.enabled': 'Keep the bodies.',
  'routes.capture.redact': 'default: secrets are left out of what is kept. none: they are kept.',
  'routes.faults': 'Faults on purpose, to try how a client copes. The bytes stay the same ones, in order. WebSockets get the status alone.',
  'routes.faults.enabled': 'true: the faults below hit each response of the route, open ones too.',
  'routes.faults.delayMs': 'Each piece of a body goes on so much later.',
  'routes.faults.jitterMs': 'And by chance up to so much later again; the order stays.',
  'routes.faults.splitBytes': 'Hand on pieces of at most so many bytes.',
  'routes.faults.mergeBytes': 'Hand bytes on when so many are together; the rest at the end.',
  'routes.faults.cutAfterBytes': "Cut the client's connection after so many bytes of the body.",
  'routes.faults.cutAfterEvents': 'Cut it after so many events or lines; of other and encoded bodies, pieces as they go on.',
  'routes.faults.stallAfterEvents': 'After so many, hand nothing on, the end neither, until faults are off or the client leaves.',
  'routes.faults.status': 'Answer with this status in place of the upstream, which is not called.',
}

/** The schema at a path of settings; lists and short forms are passed through. */
function at(schema: JsonSchema, path: string): JsonSchema {
  let found: JsonSchema | undefined = schema
  for (const name of path.split('.')) {
    const parent: JsonSchema | undefined = found && settingsOf(found)
    found = parent?.properties?.[name]
  }
  if (!found) throw new Error(`the config has no setting ${path}`)
  return found
}

function replaceAt(schema: JsonSchema, path: string, change: (long: JsonSchema) => JsonSchema): void {
  const names = path.split('.')
  const name = names.pop() ?? ''
  const parent = settingsOf(names.length === 0 ? schema : at(schema, names.join('.')))
  if (!parent?.properties) throw new Error(`the config has no setting ${path}`)
  parent.properties[name] = change(at(schema, path))
}

function settingsOf(schema: JsonSchema): JsonSchema | undefined {
  if (schema.properties) return schema
  if (schema.items) return settingsOf(schema.items)
  return schema.anyOf?.map(settingsOf).find((choice) => choice !== undefined)
}
