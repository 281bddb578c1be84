import { Download, X } from 'lucide-react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { ExchangeMenu } from '../compose/exchange-menu.tsx'
import { causesOf, decisionWords, verdictEvidence, verdictWords } from '../exchanges/exchange-words.ts'
import { MiddleElided } from '../exchanges/middle-elided.tsx'
import { OriginTag } from '../exchanges/origin-tag.tsx'
import { ExportItems } from '../exchange-files/export-items.tsx'
import { invoke } from '../gateway.ts'
import { Button } from '../parts/button.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Menu } from '../parts/menu.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { Tag } from '../parts/tag.tsx'
import { reportRefusal } from '../routes/route-actions.ts'
import { ReconnectLine } from './reconnect-line.tsx'
import { useNow } from '../state/clock.ts'
import { formatDuration } from '../text.ts'
import { TokenFigures } from './token-figures.tsx'

/** What an exchange is, how it fares, and what can be done with it while it is open. */
export function DetailHeader({ exchange, onClose }: { exchange: Exchange; onClose: () => void }) {
  const { id, method, target, state, heldBytes, oldestHeldAt } = exchange
  const isOpen = state === 'open'
  const now = useNow(isOpen && oldestHeldAt !== null, 100)
  // Also while nothing is held for a moment, so that what stands beside it keeps its place between two holds.
  const canRelease = isOpen && (heldBytes > 0 || exchange.decisions.at(-1)?.mode === 'on')
  const verdict = verdictWords(exchange, now)
  const causes = causesOf(exchange)

  return (
    <header className="@container shrink-0">
      <div className="flex min-h-10 flex-wrap items-center gap-x-2.5 gap-y-1 py-1.5 pr-1.5 pl-3">
        <div className="flex min-w-0 flex-1 basis-[22rem] items-center gap-2.5">
          <h2 className="flex min-w-16 gap-1.5 font-mono text-12 font-semibold">
            <span className="shrink-0">{method}</span>
            <MiddleElided text={target} />
          </h2>
          <span className="flex max-w-[60%] min-w-0 shrink-0" title={verdictEvidence(exchange, now).join('\n')}>
            <Tag tone={verdict.tone}>{verdict.words}</Tag>
          </span>
          <OriginTag origin={exchange.origin} />
          {exchange.spoolError !== undefined && (
            <span className="shrink-0" title={exchange.spoolError}>
              <Tag tone="bad">no room to hold</Tag>
            </span>
          )}
          {causes[0] !== undefined && (
            <span className="min-w-0 shrink-[8] truncate text-12 text-mute @max-[60rem]:hidden" title={causes.join('\n')}>
              {causes[0]}
            </span>
          )}
        </div>
        <div className="ml-auto flex flex-wrap items-center justify-end gap-x-2.5 gap-y-1">
          <Times exchange={exchange} />
          {canRelease && (
            <Button size="small" look="held" onClick={() => void invoke('exchange.release', { id }).catch(reportRefusal)}>
              Release now
            </Button>
          )}
          {/* Nothing is held of what goes two ways. */}
          {isOpen && exchange.rowKind !== 'message' && <OverrideSwitch exchange={exchange} />}
          {isOpen && (
            <Button
              size="small"
              look="ghost"
              className="text-bad!"
              title="Ends this exchange: the client’s connection is cut and the upstream’s closed"
              onClick={() => void invoke('exchange.end', { id }).catch(reportRefusal)}
            >
              End
            </Button>
          )}
          <ExchangeMenu exchange={exchange} />
          <Menu
            align="end"
            trigger={
              <IconButton size="small" label="Export this exchange">
                <Download size={14} />
              </IconButton>
            }
          >
            <ExportItems exchanges={[exchange]} />
          </Menu>
          <IconButton size="small" label="Close the detail" onClick={onClose}>
            <X size={14} />
          </IconButton>
        </div>
      </div>
      <ReconnectLine exchange={exchange} />
    </header>
  )
}

function Times({ exchange }: { exchange: Exchange }) {
  const { id, startedAt, respondedAt, firstRowAt, rowKind, endedAt } = exchange
  return (
    <span className="flex shrink-0 gap-3 text-12 whitespace-nowrap text-mute">
      {respondedAt !== null && (
        <span className="@max-[64rem]:hidden" title="From the start of the request to the head of the response">
          head <b className="font-medium text-text">{formatDuration(respondedAt - startedAt)}</b>
        </span>
      )}
      {firstRowAt !== null && (
        <TokenFigures
          key={id}
          exchange={exchange}
          otherwise={
            <span className="@max-[48rem]:hidden" title={`From the start of the request to the first ${rowKind ?? 'event'}`}>
              first {rowKind ?? 'event'} <b className="font-medium text-text">{formatDuration(firstRowAt - startedAt)}</b>
            </span>
          }
        />
      )}
      {endedAt !== null && (
        <span className="@max-[40rem]:hidden">
          took <b className="font-medium text-text">{formatDuration(endedAt - startedAt)}</b>
        </span>
      )}
    </span>
  )
}

type Override = 'route' | 'off' | 'on'

/** Buffering for this exchange alone, until it ends. */
function OverrideSwitch({ exchange: { id, decisions, isOverridden } }: { exchange: Exchange }) {
  const decision = decisions.at(-1)
  const value: Override = isOverridden && decision ? decision.mode : 'route'
  const follows = decision ? `Route: ${decision.mode}` : 'Route'
  return (
    <span title={decision && decisionWords(decision)} className="inline-flex">
      <Segmented<Override>
        label="Buffering of this exchange"
        value={value}
        tone={value === 'on' ? 'held' : value === 'off' ? 'flow' : 'neutral'}
        segments={[
          { value: 'route', label: isOverridden ? 'Route' : follows, name: 'Follow the route' },
          { value: 'off', label: 'Off' },
          { value: 'on', label: 'On' },
        ]}
        onChange={(next) => void invoke('exchange.override', { id, response: next === 'route' ? null : next }).catch(reportRefusal)}
      />
    </span>
  )
}
