import { Autocomplete } from '@base-ui/react/autocomplete'
import { Search, X } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { cx } from '../parts/cx.ts'
import { gatewayStore, useGateway } from '../state/gateway-store.ts'
import { setExchangeFilter, useView } from '../state/view-store.ts'
import { suggestTerms, type FilterSuggestion } from './filter-suggestions.ts'
import { readFilterTerms, type FilterTerm } from './filter-terms.ts'

const longestFilter = 500
const textPlace = 'pr-7 pl-7 font-mono text-12 leading-[1.5rem]'

/** The filter of the exchange list: one line of text whose terms look like chips, with suggestions for the term at the caret. */
export function FilterField({ onLeave }: { onLeave: () => void }) {
  const text = useView((view) => view.exchangeFilter)
  const routes = useGateway((view) => view.routes)
  const field = useRef<HTMLInputElement>(null)
  const [scrolledPx, setScrolledPx] = useState(0)
  const [caret, setCaret] = useState(0)
  const [isOpen, setIsOpen] = useState(false)
  const [highlighted, setHighlighted] = useState<FilterSuggestion | undefined>(undefined)
  const terms = useMemo(() => readFilterTerms(text), [text])
  const suggestions = useMemo(
    () => (isOpen ? suggestTerms(text, caret, { routes, exchanges: gatewayStore.getState().exchanges }) : []),
    [isOpen, text, caret, routes],
  )
  const showsList = isOpen && suggestions.length > 0
  const hasProblem = terms.some(({ problem }) => problem !== null)
  const seeCaret = () => setCaret(field.current?.selectionStart ?? 0)

  return (
    <Autocomplete.Root<FilterSuggestion>
      items={suggestions}
      mode="none"
      value={text}
      open={showsList}
      itemToStringValue={(suggestion) => suggestion.text}
      onItemHighlighted={setHighlighted}
      onOpenChange={(next, { reason }) => {
        if (next || reason !== 'item-press') setIsOpen(next)
      }}
      onValueChange={(next, { reason }) => {
        setExchangeFilter(next)
        if (reason === 'item-press') {
          const picked = suggestions.find((suggestion) => suggestion.text === next)
          setIsOpen(picked?.isOpen ?? false)
          setCaret(next.length)
          requestAnimationFrame(() => field.current?.setSelectionRange(next.length, next.length))
          return
        }
        setIsOpen(true)
        seeCaret()
      }}
    >
      <div className="relative flex h-[1.625rem] min-w-0 flex-1 items-center rounded-control border border-line bg-bg hover:border-edge">
        <Search size={13} aria-hidden="true" className="pointer-events-none absolute left-2 text-faint" />
        <Chips text={text} terms={terms} scrolledPx={scrolledPx} />
        <Autocomplete.Input
          ref={field}
          data-pane-start=""
          data-exchange-filter=""
          aria-label="Filter exchanges"
          aria-invalid={hasProblem}
          placeholder="Filter: words, status:5xx, is:open, held:>500ms, /pattern/"
          spellCheck={false}
          maxLength={longestFilter}
          onFocus={() => setIsOpen(true)}
          onClick={() => setIsOpen(true)}
          onSelect={seeCaret}
          onScroll={(event) => setScrolledPx(event.currentTarget.scrollLeft)}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && !showsList && text !== '') setExchangeFilter('')
            else if (event.key === 'Enter' && !(showsList && highlighted)) {
              setIsOpen(false)
              onLeave()
            } else return
            event.preventDefault()
            event.preventBaseUIHandler()
          }}
          className={cx('relative h-full w-full min-w-0 rounded-control bg-transparent placeholder:font-sans', textPlace)}
        />
        {text !== '' && (
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
      </div>
      <Autocomplete.Portal>
        <Autocomplete.Positioner sideOffset={4} align="start" collisionPadding={8} className="z-40">
          <Autocomplete.Popup className="max-h-80 w-(--anchor-width) max-w-[34rem] min-w-64 overflow-y-auto rounded-control border border-line bg-raised p-1 text-12 shadow-float outline-none">
            <Autocomplete.List>
              {(suggestion: FilterSuggestion) => (
                <Autocomplete.Item
                  key={suggestion.text}
                  value={suggestion}
                  className="flex h-6 items-center gap-3 rounded-tag px-2 outline-none select-none data-highlighted:bg-sel data-highlighted:outline-2 data-highlighted:-outline-offset-2 data-highlighted:outline-focus"
                >
                  <span className="shrink-0 font-mono">{suggestion.words}</span>
                  <span className="min-w-0 truncate text-mute">{suggestion.hint}</span>
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Popup>
        </Autocomplete.Positioner>
      </Autocomplete.Portal>
    </Autocomplete.Root>
  )
}

/** Why terms of the filter are left out of account. */
export function FilterProblems() {
  const text = useView((view) => view.exchangeFilter)
  const problems = useMemo(() => readFilterTerms(text).filter(({ problem }) => problem !== null), [text])
  return (
    <div role="status">
      {problems.map(({ from, to, problem }) => (
        <p key={from} className="flex gap-2 border-b border-line bg-bad-bg px-3 py-1 text-12 text-bad">
          <code className="shrink-0 font-mono">{text.slice(from, to)}</code>
          <span>{problem} This term hides nothing.</span>
        </p>
      ))}
    </div>
  )
}

/** The terms' backgrounds, behind the text of the field. */
function Chips({ text, terms, scrolledPx }: { text: string; terms: readonly FilterTerm[]; scrolledPx: number }) {
  return (
    <div
      aria-hidden="true"
      className={cx('pointer-events-none absolute inset-0 overflow-hidden whitespace-pre text-transparent', textPlace)}
    >
      <div style={{ transform: `translateX(${-scrolledPx}px)` }}>
        {terms.map(({ from, to, key, wanted, problem }, index) => (
          <span key={from}>
            {text.slice(terms[index - 1]?.to ?? 0, from)}
            <span
              className={cx(
                'rounded-[2px]',
                problem !== null
                  ? 'bg-bad-bg underline decoration-bad decoration-wavy'
                  : key !== null && wanted !== null && 'bg-sel outline-2 outline-sel',
              )}
            >
              {text.slice(from, to)}
            </span>
          </span>
        ))}
      </div>
    </div>
  )
}
