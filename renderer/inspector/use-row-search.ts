import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import type { Direction } from '../../proxy-core/contract/messages.ts'
import { Pattern } from '../../proxy-core/contract/pattern/pattern.ts'
import { invoke } from '../gateway.ts'
import { MatchReader } from './match-reader.ts'

const typingMs = 120

/** How a stream is searched. */
export interface SearchChoices {
  readonly isOpen: boolean
  readonly text: string
  readonly isPattern: boolean
  readonly matchesCase: boolean
  /** Of a WebSocket: the way that messages must go; null for either. */
  readonly direction: Direction | null
  /** Rows that do not match are hidden. */
  readonly hidesOthers: boolean
}

const closed: SearchChoices = { isOpen: false, text: '', isPattern: false, matchesCase: false, direction: null, hidesOthers: false }

/** The search in one stream, for the part that shows it. */
export function useRowSearch(id: ExchangeId) {
  const [choices, setChoices] = useState(closed)
  const [focusRequests, setFocusRequests] = useState(0)
  const { isOpen, isPattern, matchesCase, direction } = choices
  const text = useSettled(choices.text)
  const matches = useMemo(() => {
    if (!isOpen || (text === '' && direction === null)) return null
    const query = { text, isPattern, matchesCase, ...(direction === null ? {} : { direction }) }
    return new MatchReader(query, (from) => invoke('exchange.search', { id, query, from }))
  }, [id, isOpen, text, isPattern, matchesCase, direction])
  useSyncExternalStore(matches?.subscribe ?? watchNothing, matches?.version ?? never)

  const open = useCallback(() => {
    setChoices((before) => ({ ...before, isOpen: true }))
    setFocusRequests((before) => before + 1)
  }, [])
  const change = useCallback((part: Partial<SearchChoices>) => setChoices((before) => ({ ...before, ...part })), [])
  return { choices, matches, focusRequests, open, change }
}

/** Ctrl+F opens the search of the stream on screen; F3 and Shift+F3 go on from match to match. */
export function useSearchKeys(isOpen: boolean, open: () => void, step: (by: 1 | -1) => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'f' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) open()
      else if (event.key === 'F3' && isOpen) step(event.shiftKey ? -1 : 1)
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  })
}

/** Finds the matches of a search in text on screen. Patterns take linear time, so no text can stall the window. */
export function finderOf({ query }: MatchReader): ((text: string, from: number) => readonly [number, number] | null) | null {
  const { text, isPattern, matchesCase } = query
  if (text === '') return null
  if (isPattern) {
    try {
      const pattern = new Pattern(text, { ignoresCase: !matchesCase })
      return (subject, from) => pattern.find(subject, from)
    } catch {
      // The gateway says what is wrong with it.
      return null
    }
  }
  const needle = matchesCase ? text : text.toLowerCase()
  return (subject, from) => {
    const at = (matchesCase ? subject : subject.toLowerCase()).indexOf(needle, from)
    return at < 0 ? null : [at, at + needle.length]
  }
}

/** A text once nobody has typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), typingMs)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

function watchNothing(): () => void {
  return () => undefined
}

function never(): number {
  return 0
}
