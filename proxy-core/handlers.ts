import { Assemblies } from './assemble/assemblies.ts'
import type { Handlers } from './contract/commands.ts'
import { GatewayError } from './contract/errors.ts'
import type { ExchangeId } from './contract/exchange.ts'
import type { RowRange } from './contract/rows.ts'
import { moveRoute, removeRoute, setCaptureBudget, setRoute, setRouteField } from './config-document.ts'
import type { ConfigFile } from './config-file.ts'
import { noHeads } from './exchange-record.ts'
import { historyHandlers, loadingFirst } from './history/history-handlers.ts'
import { fileHandlers } from './exchange-files/file-handlers.ts'
import type { Gateway } from './gateway.ts'
import { readUnterminated } from './row-marks.ts'
import { readBody, readRowBytes, readRowDetail, readRows, readTimeline } from './rows.ts'
import { searchHandlers } from './search-handlers.ts'
import type { Tap } from './tap.ts'
import { timingHandlers } from './timing-handlers.ts'
import { describeTrust } from './trust-steps.ts'
import { readUnfinished } from './web-socket/unfinished-message.ts'

const noRows: RowRange = { first: 0, total: 0, leftRows: 0, rows: [] }

/** Who answers each command. */
export function createHandlers(gateway: Gateway, config: ConfigFile): Handlers {
  const { store, sender } = gateway
  const assemblies = new Assemblies()
  const tap = (id: ExchangeId): Tap | null => store.tap(id, 'response')
  const handlers: Handlers = {
    'gateway.start': () => gateway.start(),
    'gateway.stop': () => gateway.stop(),
    'listener.trust': async () => describeTrust((await gateway.authority()).certificate, process.platform),

    'route.save': ({ route, index }) => config.update((document) => setRoute(document, route, index)),
    'route.remove': ({ id }) => config.update((document) => removeRoute(document, id)),
    'route.move': ({ id, index }) => config.update((document) => moveRoute(document, id, index)),
    'route.enable': ({ id, enabled }) => config.update((document) => setRouteField(document, id, ['enabled'], enabled)),
    'route.buffering': ({ id, response }) => config.update((document) => setRouteField(document, id, ['buffering', 'response'], response)),
    'route.faults': ({ id, enabled }) => config.update((document) => setRouteField(document, id, ['faults', 'enabled'], enabled)),
    'route.release': ({ id }) => {
      for (const forward of store.open()) if (forward.exchange.route?.id === id) forward.responsePath.release()
    },

    'exchange.release': ({ id }) => store.findOpen(id).responsePath.release(),
    'exchange.override': ({ id, response }) => store.findOpen(id).responsePath.setOverride(response),
    'exchange.end': ({ id }) => store.findOpen(id).stop({ code: 'stopped-here', message: 'The exchange was ended from the window.' }),
    'exchange.heads': ({ id }) => store.find(id).captured()?.heads ?? noHeads,
    'exchange.rows': ({ id, from, to }) => {
      const found = store.rows(id)
      return found ? readRows(found, from, to) : noRows
    },
    'exchange.unterminated': ({ id }) => {
      const { live } = store.find(id)
      if (live.messages) return readUnfinished(live.messages)
      return live.tap && readUnterminated(live.tap)
    },
    'exchange.row': ({ id, index }) => {
      const found = store.rows(id)
      const row = found ? readRowDetail(found, index) : null
      if (!row) throw new GatewayError('exchange-not-found', 'This row is no longer kept.')
      return row
    },
    'exchange.rowBytes': ({ id, index, from, to }) => {
      const found = store.rows(id)
      const range = found ? readRowBytes(found, index, { from, to }) : null
      if (!range) throw new GatewayError('exchange-not-found', 'This row is no longer kept.')
      return range
    },
    'exchange.timeline': ({ id, from, to, columns }) => {
      const found = store.rows(id)
      const { decisions } = store.find(id).live.view()
      return found ? readTimeline(found, decisions, { from, to, columns }) : { from, to, points: new Float64Array(), decisions }
    },
    ...timingHandlers(store),
    ...fileHandlers(gateway),
    ...searchHandlers(store),
    ...historyHandlers(gateway.history, config),
    'exchange.body': ({ id, side, from, to }) => {
      const found = store.wire(id, side)
      return found ? readBody(found, from, to) : { from: 0, total: 0, first: 0, bytes: new Uint8Array() }
    },
    'exchange.assembled': (input) => assemblies.read(tap(input.id), store.find(input.id).live.view().target, input),
    'exchange.pin': ({ id, isPinned }) => gateway.pinExchange(id, isPinned),
    'exchanges.clear': ({ ids, withOpen }) => {
      assemblies.clear()
      gateway.clearExchanges(ids, withOpen)
    },

    'capture.stop': () => gateway.setCapture(false),
    'capture.start': () => gateway.setCapture(true),
    'capture.budget': ({ budgetMiB }) => config.update((document) => setCaptureBudget(document, budgetMiB)),

    'request.send': (input) => sender.send(input),
    'request.plan': (input) => sender.plan(input),
    'request.stop': ({ requestId }) => sender.stop(requestId),
  }
  return loadingFirst(handlers, store)
}
