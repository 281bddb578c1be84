import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { invoke } from '../gateway.ts'
import { AssembledReader } from './assembled-reader.ts'

const leastMsBetween = { full: 120, glance: 500 }

/** The assembled text of a stream, followed as it grows, or a glance at its numbers. Another exchange or path needs another `key`. */
export function useAssembled({ id, rows, leftRows, state }: Exchange, path: string | null, effort: 'full' | 'glance'): AssembledReader {
  const [reader] = useState(
    () => new AssembledReader((question) => invoke('exchange.assembled', { id, path, effort, ...question }), leastMsBetween[effort]),
  )
  useSyncExternalStore(reader.subscribe, reader.version)
  const isGivenUp = reader.assembled?.isGivenUp === true
  useEffect(() => {
    if (rows > 0 && !isGivenUp) reader.see({ rows, leftRows, state })
  }, [reader, rows, leftRows, state, isGivenUp])
  useEffect(() => () => reader.stop(), [reader])
  return reader
}
