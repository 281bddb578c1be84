import { useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { useElementSize } from '../exchanges/element-size.ts'
import { invoke } from '../gateway.ts'
import { EmptyState } from '../parts/empty-state.tsx'
import { BytesView, columnsFor } from './bytes-view.tsx'
import { RawControls, type RawForm, type RawSide } from './raw-controls.tsx'

/** The bytes of a body as they came over the wire, as text or as hex. */
export function RawTab({ exchange, controls }: { exchange: Exchange; controls: HTMLElement | null }) {
  const [side, setSide] = useState<RawSide>('response')
  const isCoded = side === 'response' && exchange.contentEncoding !== null && exchange.contentEncoding !== 'identity'
  const [chosen, setChosen] = useState<RawForm | null>(null)
  const form = chosen ?? (isCoded || exchange.rowKind === 'message' ? 'hex' : 'text')
  const { rowKind } = exchange
  const place = useRef<HTMLDivElement>(null)
  const { widthPx } = useElementSize(place)
  const columns = columnsFor(form, widthPx)
  const total = side === 'response' ? exchange.arrivedBytes : exchange.requestBytes

  return (
    <div ref={place} className="flex h-full min-h-0 flex-col">
      {controls &&
        createPortal(
          <RawControls exchange={exchange} side={side} form={form} total={total} onSide={setSide} onForm={setChosen} />,
          controls,
        )}
      {isCoded && (
        <p className="shrink-0 border-b border-line bg-bg px-3 py-1 text-12 text-mute">
          The body is coded with {exchange.contentEncoding}; these are its bytes as they came. The events tab shows it decoded.
        </p>
      )}
      <div className="min-h-0 flex-1">
        {total === 0 ? (
          <EmptyState
            title={rowKind === 'message' ? 'Nothing went this way' : side === 'response' ? 'No response body' : 'No request body'}
          >
            {exchange.state === 'open' && side === 'response' ? 'Its bytes appear here as they come.' : 'It was empty, or there was none.'}
          </EmptyState>
        ) : (
          widthPx > 0 && (
            <BytesView
              key={`${side} ${form} ${columns}`}
              read={(span) => invoke('exchange.body', { id: exchange.id, side, ...span })}
              form={form}
              columns={columns}
              total={total}
            />
          )
        )}
      </div>
    </div>
  )
}
