import type { Handlers } from '../../../proxy-core/contract/commands.ts'
import { noHistory, type HistoryKey, type HistoryStatus } from '../../../proxy-core/contract/history.ts'
import type { ScriptedGateway } from './scripted-gateway.ts'

/** The history of a scripted gateway, as it is when nobody has switched it on. */
export const historyAtFirst: HistoryStatus = { ...noHistory, file: '/home/ada/.config/Sluice/history/history.sqlite' }

type HistoryCommand = Extract<keyof Handlers, `history.${string}`>

/** A history in the scripted window: it finds a text in the rows of what is listed. */
export function scriptedHistory(gateway: ScriptedGateway): Pick<Handlers, HistoryCommand> {
  const change = (history: Partial<HistoryStatus>): void => {
    gateway.history = { ...gateway.history, ...history }
    gateway.announce({ type: 'history.changed', history: gateway.history })
  }
  return {
    'history.set': (settings) => {
      const isOn = { state: 'on', fileBytes: 13_107_200, exchanges: 118, oldestAt: Date.now() - 5 * 86_400_000 } as const
      change({ settings, ...(settings.enabled ? isOn : { state: 'off', exchanges: 0, oldestAt: null }) })
    },
    'history.search': ({ text }) => {
      const hits = [...gateway.exchanges.values()].flatMap((exchange) => {
        const { id, method, target, status, startedAt } = exchange.view
        const found = exchange.rows(0, 400).rows.filter((row) => row.preview.includes(text))
        return found.slice(0, 12).map((row) => {
          const at = row.preview.indexOf(text)
          const [before, after] = [row.preview.slice(Math.max(0, at - 40), at), row.preview.slice(at + text.length, at + text.length + 120)]
          return {
            key: Number(id) as HistoryKey,
            id,
            exchange: { method, target, status, startedAt },
            row: row.index,
            before,
            match: text,
            after,
          }
        })
      })
      return { hits, cursor: null }
    },
    'history.list': ({ key }) => Number(key) as never,
    'history.forget': ({ ids }) => {
      for (const id of ids) gateway.exchanges.delete(id)
      gateway.announce({ type: 'exchanges.forgotten', ids })
    },
    'history.forgetAll': () => change({ fileBytes: 90_112, exchanges: 0, oldestAt: null }),
  }
}
