import { Pause, PanelBottom, PanelRight, Play, Search, Trash2, X } from 'lucide-react'
import { useRef } from 'react'
import { routeLabel } from '../../proxy-core/contract/route.ts'
import { Button } from '../parts/button.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { showToast } from '../parts/toast.tsx'
import { invoke } from '../gateway.ts'
import { reportRefusal } from '../routes/route-actions.ts'
import { useGateway } from '../state/gateway-store.ts'
import { pauseExchangeList, selectRoute, setDetailPlacement, setExchangeFilter, useView } from '../state/view-store.ts'
import { formatCount, plural } from '../text.ts'
import type { ShownExchanges } from './shown-exchanges.ts'

export interface ExchangeFilterBarProps extends Pick<ShownExchanges, 'shown' | 'total' | 'pausedAt' | 'newWhilePaused'> {
  /** Leads the keyboard from the filter into the list. */
  readonly onLeave: () => void
}

/** What is shown of the exchanges: the filter, how many, pause and clear. */
export function ExchangeFilterBar({ shown, total, pausedAt, newWhilePaused, onLeave }: ExchangeFilterBarProps) {
  const filter = useView((view) => view.exchangeFilter)
  const placement = useView((view) => view.detailPlacement)
  const field = useRef<HTMLInputElement>(null)

  return (
    <div className="@container flex h-[2.375rem] shrink-0 items-center gap-2 border-b border-line bg-panel px-2.5">
      <RouteChip />
      <label className="relative flex h-[1.625rem] min-w-0 flex-1 items-center">
        <Search size={13} aria-hidden="true" className="pointer-events-none absolute left-2 text-faint" />
        <input
          ref={field}
          data-pane-start=""
          data-exchange-filter=""
          aria-label="Filter exchanges"
          placeholder="Filter by method, path, status or route"
          spellCheck={false}
          value={filter}
          onChange={(event) => setExchangeFilter(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && filter !== '') setExchangeFilter('')
            else if (event.key === 'ArrowDown' || event.key === 'Enter') onLeave()
            else return
            event.preventDefault()
          }}
          className="h-full w-full min-w-0 rounded-control border border-line bg-bg pr-7 pl-7 font-mono text-12 placeholder:font-sans hover:border-edge"
        />
        {filter !== '' && (
          <button
            type="button"
            aria-label="Clear filter"
            className="absolute right-1 inline-flex size-5 items-center justify-center rounded-tag text-mute hover:bg-raised hover:text-text"
            onClick={() => {
              setExchangeFilter('')
              field.current?.focus()
            }}
          >
            <X size={12} />
          </button>
        )}
      </label>
      <span className="shrink-0 text-12 text-mute" role="status" aria-live="off">
        {shown.length === total ? plural(total, 'exchange') : `${formatCount(shown.length)} of ${formatCount(total)}`}
        {pausedAt !== null && (
          <span className="ml-2 text-text">{newWhilePaused === 0 ? 'paused' : `paused, ${formatCount(newWhilePaused)} new`}</span>
        )}
      </span>
      <Button
        size="small"
        look={pausedAt === null ? 'ghost' : 'solid'}
        aria-pressed={pausedAt !== null}
        title="Freezes the list; streams and capture go on"
        onClick={() => pauseExchangeList(pausedAt === null)}
      >
        {pausedAt === null ? <Pause size={12} aria-hidden="true" /> : <Play size={12} aria-hidden="true" />}
        {pausedAt === null ? 'Pause' : 'Resume'}
      </Button>
      <Button size="small" look="ghost" title="Forgets the exchanges that have ended, and what was captured of them" onClick={clearEnded}>
        <Trash2 size={12} aria-hidden="true" />
        Clear
      </Button>
      <IconButton
        size="small"
        label={placement === 'below' ? 'Put the detail on the right' : 'Put the detail below'}
        onClick={() => setDetailPlacement(placement === 'below' ? 'right' : 'below')}
      >
        {placement === 'below' ? <PanelRight size={14} /> : <PanelBottom size={14} />}
      </IconButton>
    </div>
  )
}

/** The route that the list is narrowed to. */
function RouteChip() {
  const id = useView((view) => view.selectedRouteId)
  const name = useGateway((view) => {
    const route = view.routes.find((candidate) => candidate.id === id)
    return route ? routeLabel(route) : id
  })
  if (id === null) return null
  return (
    <span className="flex h-[1.375rem] max-w-[40%] min-w-0 items-center gap-1 rounded-tag bg-sel pr-0.5 pl-2 text-12">
      <span className="truncate">{name}</span>
      <button
        type="button"
        aria-label="Show the exchanges of every route"
        className="inline-flex size-[1.125rem] shrink-0 items-center justify-center rounded-tag text-mute hover:text-text"
        onClick={() => selectRoute(null)}
      >
        <X size={12} />
      </button>
    </span>
  )
}

function clearEnded(): void {
  invoke('exchanges.clear', {}).then(() => showToast({ title: 'Cleared the exchanges that have ended' }), reportRefusal)
}
