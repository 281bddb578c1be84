import { useEffect, useState } from 'react'
import { GatewayError } from '../../proxy-core/contract/errors.ts'
import type { HistoryHit } from '../../proxy-core/contract/history.ts'
import { invoke } from '../gateway.ts'

/** So many hits are looked for at a time. */
const hitsAtOnce = 30
/** After the last key, before the history is searched. */
const restMs = 200

/** What was found so far of a text. */
export interface FoundInHistory {
  readonly hits: readonly HistoryHit[]
  readonly isSearching: boolean
  /** Whether older exchanges have not been searched. */
  readonly hasMore: boolean
  readonly error: string | null
  /** Searches further back. */
  readonly more: () => void
}

interface Progress {
  readonly text: string
  readonly hits: readonly HistoryHit[]
  readonly cursor: string | null
  readonly wanted: number
  readonly isDone: boolean
  readonly error: string | null
}

/** Searches the history for a text, page by page, the newest first; a text that has changed ends the search for the one before. */
export function useHistorySearch(text: string): FoundInHistory {
  const [progress, setProgress] = useState<Progress>(() => begin(text))
  const { hits, wanted, isDone, error } = progress
  if (progress.text !== text) setProgress(begin(text))
  const isSearching = text !== '' && !isDone && error === null && hits.length < wanted

  useEffect(() => {
    if (!isSearching || progress.text !== text) return
    let isCurrent = true
    const ask = async (): Promise<void> => {
      try {
        const page = await invoke('history.search', { text, cursor: progress.cursor })
        if (!isCurrent) return
        setProgress({ ...progress, hits: [...progress.hits, ...page.hits], cursor: page.cursor, isDone: page.cursor === null })
      } catch (refusal) {
        if (!isCurrent) return
        setProgress({ ...progress, error: refusal instanceof GatewayError ? refusal.message : 'Something went wrong inside the window.' })
      }
    }
    const timer = setTimeout(() => void ask(), progress.cursor === null && progress.hits.length === 0 ? restMs : 0)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [progress, isSearching, text])

  return {
    hits,
    isSearching,
    hasMore: !isDone && error === null,
    error,
    more: () => setProgress((before) => ({ ...before, wanted: before.hits.length + hitsAtOnce })),
  }
}

function begin(text: string): Progress {
  return { text, hits: [], cursor: null, wanted: hitsAtOnce, isDone: false, error: null }
}
