import { CaseSensitive, ChevronDown, ChevronUp, ListFilter, Regex, X } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import type { Direction } from '../../proxy-core/contract/messages.ts'
import { cx } from '../parts/cx.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { formatCount, plural } from '../text.ts'
import { errorMessage } from './error-message.ts'
import { rowNouns } from './event-columns.ts'
import type { MatchReader } from './match-reader.ts'
import type { SearchChoices } from './use-row-search.ts'

export interface SearchBarProps {
  readonly exchange: Exchange
  readonly choices: SearchChoices
  readonly matches: MatchReader | null
  readonly selected: number | null
  readonly onChange: (change: Partial<SearchChoices>) => void
  readonly onStep: (by: 1 | -1) => void
  readonly onClose: () => void
  /** Grows each time that the field is to have the focus. */
  readonly focusRequests: number
}

/** Looks for text in all rows of a stream. */
export function SearchBar({ exchange, choices, matches, selected, onChange, onStep, onClose, focusRequests }: SearchBarProps) {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    field.current?.focus()
    field.current?.select()
  }, [focusRequests])
  const problem = matches?.problem ?? null
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1)
    else if (event.key === 'Escape') onClose()
    else return
    event.preventDefault()
  }
  return (
    <div role="search" className="shrink-0 border-b border-line bg-panel">
      <div className="flex h-9 items-center gap-1 px-2">
        <input
          ref={field}
          aria-label={`Search in ${rowNouns[exchange.rowKind ?? 'event'].many.toLowerCase()}`}
          aria-invalid={problem !== null}
          placeholder={`Search ${exchange.rowKind === 'message' ? '' : 'id, '}type and data of all that is captured`}
          spellCheck={false}
          maxLength={300}
          value={choices.text}
          onChange={(event) => onChange({ text: event.target.value })}
          onKeyDown={onKeyDown}
          className={cx(
            'h-[1.625rem] max-w-[26rem] min-w-0 flex-1 rounded-control border bg-bg px-2 font-mono text-12 placeholder:font-sans',
            problem === null ? 'border-line hover:border-edge' : 'border-bad',
          )}
        />
        <Toggle label="Match case" isOn={choices.matchesCase} onToggle={(matchesCase) => onChange({ matchesCase })}>
          <CaseSensitive size={15} />
        </Toggle>
        <Toggle label="Regular expression" isOn={choices.isPattern} onToggle={(isPattern) => onChange({ isPattern })}>
          <Regex size={13} />
        </Toggle>
        <Toggle label="Hide what does not match" isOn={choices.hidesOthers} onToggle={(hidesOthers) => onChange({ hidesOthers })}>
          <ListFilter size={13} />
        </Toggle>
        {exchange.rowKind === 'message' && (
          <Segmented<Direction | 'either'>
            label="Which way"
            value={choices.direction ?? 'either'}
            segments={[
              { value: 'either', label: 'Both ways' },
              { value: 'toUpstream', label: '↑', name: 'To the upstream' },
              { value: 'toClient', label: '↓', name: 'To the client' },
            ]}
            onChange={(way) => onChange({ direction: way === 'either' ? null : way })}
          />
        )}
        <span role="status" className="min-w-0 truncate px-1.5 text-12 text-mute">
          {matches !== null && problem === null && <Progress matches={matches} selected={selected} />}
        </span>
        <span className="flex-1" />
        <IconButton size="small" label="Previous match, Shift+Enter" onClick={() => onStep(-1)}>
          <ChevronUp size={14} />
        </IconButton>
        <IconButton size="small" label="Next match, Enter" onClick={() => onStep(1)}>
          <ChevronDown size={14} />
        </IconButton>
        <IconButton size="small" label="Close the search" onClick={onClose}>
          <X size={14} />
        </IconButton>
      </div>
      {problem !== null && <p className="px-3 pb-1.5 text-12 text-bad">{errorMessage(problem)}</p>}
    </div>
  )
}

function Progress({ matches, selected }: { matches: MatchReader; selected: number | null }) {
  const { report } = matches
  if (report === null) return null
  const total = report.total - report.first
  const place = selected !== null && matches.has(selected) ? `${formatCount(matches.placeOf(selected) + 1)} of ` : ''
  const percent = report.rows === 0 ? 100 : Math.floor((report.searchedTo / report.rows) * 100)
  const parts = [
    total === 0 && matches.isDone
      ? 'nothing found'
      : `${place}${place === '' ? (total === 1 ? '1 match' : `${formatCount(total)} matches`) : formatCount(total)}`,
    ...(matches.isDone || percent >= 99 ? [] : [`${percent} % searched`]),
    ...(report.first > 0 ? [`${formatCount(report.first)} more in forgotten rows`] : []),
    ...(report.cutRows > 0 ? [`${plural(report.cutRows, 'long row')} searched in part`] : []),
  ]
  return parts.join(', ')
}

function Toggle({
  label,
  isOn,
  onToggle,
  children,
}: {
  label: string
  isOn: boolean
  onToggle: (isOn: boolean) => void
  children: ReactNode
}) {
  return (
    <IconButton size="small" label={label} aria-pressed={isOn} className={isOn ? 'bg-sel! text-text!' : ''} onClick={() => onToggle(!isOn)}>
      {children}
    </IconButton>
  )
}
