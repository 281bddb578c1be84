import { useState } from 'react'
import type { HistoryHit } from '../../proxy-core/contract/history.ts'
import { Button } from '../parts/button.tsx'
import { Field, TextInput } from '../parts/field.tsx'
import { visibleLine } from '../inspector/visible-text.ts'
import { formatCount, formatDayClock, plural } from '../text.ts'
import { openHit } from './history-actions.ts'
import { useHistorySearch } from './history-search.ts'

/** Looks for a text in all events of the history; a hit opens its exchange at that row. */
export function HistoryFound() {
  const [text, setText] = useState('')
  const { hits, isSearching, hasMore, error, more } = useHistorySearch(text)
  return (
    <section aria-label="Find in the history" className="flex flex-col gap-3 border-t border-line p-4">
      <Field label="Find in all kept events" hint="Any part of an id, a type or data, in either case; the newest come first.">
        <TextInput value={text} onChange={setText} isMono placeholder="a word, an id, a piece of JSON" />
      </Field>
      {text !== '' && (
        <p role="status" className={error === null ? 'text-12 text-mute' : 'text-12 text-bad'}>
          {error ?? foundWords(hits.length, isSearching, hasMore)}
        </p>
      )}
      {hits.length > 0 && (
        <ul aria-label="Found events" className="flex flex-col gap-px">
          {hits.map((hit) => (
            <li key={`${hit.key}:${hit.row}`}>
              <Hit hit={hit} />
            </li>
          ))}
        </ul>
      )}
      {hits.length > 0 && hasMore && !isSearching && (
        <Button size="small" className="self-start" onClick={more}>
          Search further back
        </Button>
      )}
    </section>
  )
}

function Hit({ hit }: { hit: HistoryHit }) {
  const { exchange, row, before, match, after } = hit
  return (
    <button
      type="button"
      className="flex w-full flex-col gap-0.5 rounded-control px-2 py-1.5 text-left hover:bg-raised"
      onClick={() => openHit(hit)}
    >
      <span className="w-full truncate font-mono text-12">
        {visibleLine(lastPart(before))}
        <mark className="rounded-tag bg-sel font-semibold text-text underline decoration-focus underline-offset-2">
          {visibleLine(match)}
        </mark>
        {visibleLine(after)}
      </span>
      <span className="flex w-full gap-2 text-12 text-mute">
        <span className="min-w-0 truncate font-mono">{visibleLine(`${exchange.method} ${exchange.target}`)}</span>
        <span className="shrink-0 tabular-nums">{exchange.status ?? 'no answer'}</span>
        <span className="shrink-0 tabular-nums">#{formatCount(row + 1)}</span>
        <span className="ml-auto shrink-0 tabular-nums">{formatDayClock(exchange.startedAt).slice(0, 19)}</span>
      </span>
    </button>
  )
}

/** The line is short, and the match is what matters. */
function lastPart(before: string): string {
  const line = before.replace(/\s+/g, ' ')
  return line.length > shownBefore ? `…${line.slice(-shownBefore)}` : line
}

const shownBefore = 24

function foundWords(hits: number, isSearching: boolean, hasMore: boolean): string {
  if (isSearching) return hits === 0 ? 'Searching…' : `${plural(hits, 'event')} so far, searching…`
  if (hits === 0) return 'No kept event holds it.'
  return hasMore ? `The newest ${plural(hits, 'event')}` : plural(hits, 'event')
}
