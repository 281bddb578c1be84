import { Pause, PanelBottom, PanelRight, Play, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { routeLabel } from '../../proxy-core/contract/route.ts'
import { FileMenu } from '../exchange-files/file-menu.tsx'
import { Button } from '../parts/button.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { useGateway } from '../state/gateway-store.ts'
import { pauseExchangeList, selectRoute, setDetailPlacement, useView } from '../state/view-store.ts'
import { formatCount, plural } from '../text.ts'
import { ClearMenu } from './clear-menu.tsx'
import { FilterField, FilterProblems } from './filter-field.tsx'
import { FilterName, SavedFilters, type FilterNaming } from './saved-filters.tsx'
import type { ShownExchanges } from './shown-exchanges.ts'

export interface ExchangeFilterBarProps extends Pick<ShownExchanges, 'shown' | 'total' | 'pausedAt' | 'newWhilePaused'> {
  /** Leads the keyboard from the filter into the list. */
  readonly onLeave: () => void
}

/** What is shown of the exchanges: the filter, how many, pause and clear. */
export function ExchangeFilterBar({ shown, total, pausedAt, newWhilePaused, onLeave }: ExchangeFilterBarProps) {
  const placement = useView((view) => view.detailPlacement)
  const [naming, setNaming] = useState<FilterNaming | null>(null)
  const bar = useRef<HTMLDivElement>(null)
  const endNaming = () => {
    setNaming(null)
    bar.current?.querySelector<HTMLElement>('[data-saved-filters]')?.focus()
  }

  return (
    <div ref={bar} className="shrink-0">
      <div className="@container flex h-[2.375rem] shrink-0 items-center gap-2 border-b border-line bg-panel px-2.5">
        <RouteChip />
        <FilterField onLeave={onLeave} />
        <SavedFilters isNaming={naming !== null} onAsk={setNaming} />
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
        <ClearMenu shown={shown} total={total} />
        <FileMenu shown={shown} />
        <IconButton
          size="small"
          label={placement === 'below' ? 'Put the detail on the right' : 'Put the detail below'}
          onClick={() => setDetailPlacement(placement === 'below' ? 'right' : 'below')}
        >
          {placement === 'below' ? <PanelRight size={14} /> : <PanelBottom size={14} />}
        </IconButton>
      </div>
      {naming && <FilterName key={naming.text} naming={naming} onDone={endNaming} />}
      <FilterProblems />
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
