import { Autocomplete } from '@base-ui/react/autocomplete'
import { Search, X } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { cx } from '../parts/cx.ts'
import { SuggestionList } from '../parts/suggestion-list.tsx'
import { gatewayStore, useGateway } from '../state/gateway-store.ts'
import { setExchangeFilter, useView } from '../state/view-store.ts'
import { suggestTerms, type FilterSuggestion } from './filter-suggestions.ts'
import { readFilterTerms, type FilterTerm } from './filter-terms.ts'

const longestFilter = 500
const textLook = 'font-mono text-12 leading-[1.5rem]'

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
  const pick = ({ text: next, isOpen: goesOn }: FilterSuggestion) => {
    setExchangeFilter(next)
    setIsOpen(goesOn)
    setCaret(next.length)
    requestAnimationFrame(() => field.current?.setSelectionRange(next.length, next.length))
  }

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
        if (reason === 'item-press') return
        setExchangeFilter(next)
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
          onBlur={() => setIsOpen(false)}
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
          className={cx('relative h-full w-full min-w-0 rounded-control bg-transparent px-7 placeholder:font-sans', textLook)}
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
      {showsList && (
        <SuggestionList<FilterSuggestion>
          label="Terms to filter by"
          textOf={(suggestion) => suggestion.text}
          shows={(suggestion) => (
            <>
              <span className="shrink-0 font-mono">{suggestion.words}</span>
              <span className="min-w-0 truncate text-mute">{suggestion.hint}</span>
            </>
          )}
          onPick={pick}
          className="max-h-80 w-(--anchor-width) max-w-[34rem] min-w-64"
        />
      )}
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
      // As wide as the text of the field, so that nothing shows of a chip where its text is scrolled away; an outline needs its 2 px.
      className={cx(
        'pointer-events-none absolute inset-x-[1.625rem] inset-y-0 overflow-hidden px-0.5 whitespace-pre text-transparent',
        textLook,
      )}
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
