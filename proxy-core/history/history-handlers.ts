import { setHistory } from '../config-document.ts'
import type { ConfigFile } from '../config-file.ts'
import type { Handlers } from '../contract/commands.ts'
import { GatewayError } from '../contract/errors.ts'
import type { ExchangeId } from '../contract/exchange.ts'
import type { ExchangeStore } from '../exchange-store.ts'
import type { History } from './history.ts'

/** Who answers the commands of the history on disk. */
export function historyHandlers(history: History, config: ConfigFile): Pick<Handlers, Extract<keyof Handlers, `history.${string}`>> {
  return {
    'history.set': (settings) => config.update((document) => setHistory(document, settings)),
    'history.search': (query) => history.search(query),
    'history.list': ({ key }) => history.list(key),
    'history.forget': ({ ids }) => history.forget(ids),
    'history.forgetAll': () => history.forgetAll(),
  }
}

/** The same handlers, but what looks at the bodies of an exchange from the history has them read first. */
export function loadingFirst(handlers: Handlers, store: ExchangeStore): Handlers {
  const load = async (ids: readonly ExchangeId[]): Promise<void> => {
    const bytes = ids.reduce((sum, id) => sum + store.find(id).live.view().arrivedBytes, 0)
    if (ids.length > 1 && bytes > store.budget.limitBytes) throw new GatewayError('invalid-input', tooMuch)
    for (const id of ids) await store.load(id)
  }
  const wrapped = Object.entries(handlers).map(([name, handler]) => {
    const answer = handler as (input: unknown) => unknown
    if (!looksIntoBodies(name)) return [name, answer] as const
    return [
      name,
      (input: { readonly id: ExchangeId } | { readonly ids: readonly ExchangeId[] }) => {
        const missing = ('id' in input ? [input.id] : input.ids).filter((id) => store.load(id) !== null)
        return missing.length === 0 ? answer(input) : load(missing).then(() => answer(input))
      },
    ] as const
  })
  return Object.fromEntries(wrapped) as unknown as Handlers
}

const tooMuch =
  'These exchanges of the history hold more than captures may take of memory. Choose fewer of them, or raise the capture budget.'

function looksIntoBodies(name: string): boolean {
  return (name.startsWith('exchange.') && name !== 'exchange.pin') || name === 'recording.save' || name === 'export.start'
}
