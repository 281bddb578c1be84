import { useState, useSyncExternalStore } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { invoke } from '../gateway.ts'
import { RowReader } from '../inspector/row-reader.ts'

/** Reads the rows of an exchange that are on screen. */
export function useRowReader({ id }: Exchange): RowReader {
  const [reader] = useState(() => new RowReader((span) => invoke('exchange.rows', { id, ...span })))
  useSyncExternalStore(reader.subscribe, reader.version)
  return reader
}
