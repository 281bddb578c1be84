import { parsePath } from '../../../proxy-core/assemble/json-path.ts'
import { LanePace } from '../../../proxy-core/assemble/lane-pace.ts'
import { TokenReader } from '../../../proxy-core/assemble/token-reader.ts'
import type { Assembled } from '../../../proxy-core/contract/assembled.ts'
import type { Input } from '../../../proxy-core/contract/commands.ts'
import { GatewayError } from '../../../proxy-core/contract/errors.ts'
import type { ScriptedExchange } from './scripted-exchange.ts'

const assemblies = new Map<string, number>()

/** What a scripted stream says so far, read anew at each question. */
export function assembledOf(exchange: ScriptedExchange, { path, from, effort }: Input<'exchange.assembled'>): Assembled {
  const steps = path === null ? null : parsePath(path)
  if (steps !== null && 'faultAt' in steps) {
    throw new GatewayError('invalid-input', `This path cannot be read from character ${steps.faultAt + 1} on.`)
  }
  const { view } = exchange
  const reader = new TokenReader({ target: view.target, path: steps })
  const [upstream, client] = [new LanePace(), new LanePace()]
  for (let index = 0; index < view.rows && !reader.isGivenUp; index++) {
    const row = exchange.row(index)
    if (!row) continue
    reader.beginRow(index)
    reader.read(row.data)
    if (!reader.hasGrown) continue
    upstream.took(index, row.arrivedAt)
    if (row.leftAt !== null) client.took(index, row.leftAt)
  }
  const key = `${view.id} ${path}`
  const assembly = assemblies.get(key) ?? assemblies.size + 1
  assemblies.set(key, assembly)
  const tokens = reader.visibleTokens()
  return {
    assembly,
    readRows: view.rows,
    totalRows: view.rows,
    missedRows: 0,
    ...reader.view(effort === 'glance' ? null : from?.assembly === assembly ? from.lengths : []),
    upstream: upstream.view(tokens, upstream.rows),
    client: client.view(tokens, upstream.rows),
  }
}
