import type { ReactNode } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { formatDuration } from '../text.ts'
import { useAssembledPath } from './assembled-path.ts'
import { paceTitle, paceWords } from './assembled-words.ts'
import { useAssembled } from './use-assembled.ts'

/** When the first token came and how fast they come, for a stream of tokens; what else is to be said there for any other. */
export function TokenFigures({ exchange, otherwise }: { exchange: Exchange; otherwise: ReactNode }) {
  const path = useAssembledPath(exchange.routeId)
  return <Figures key={path} exchange={exchange} path={path} otherwise={otherwise} />
}

function Figures({ exchange, path, otherwise }: { exchange: Exchange; path: string | null; otherwise: ReactNode }) {
  const { assembled } = useAssembled(exchange, path, 'glance')
  const { first } = assembled?.upstream ?? { first: null }
  if (!assembled || first === null) return otherwise
  const { upstream, client } = assembled
  const pace = paceWords(upstream)
  const left =
    client.first === null ? 'the client has none yet' : `the client got it after ${formatDuration(client.first.at - exchange.startedAt)}`
  return (
    <>
      <span className="@max-[48rem]:hidden" title={`From the start of the request to the first token from the upstream; ${left}`}>
        first token <b className="font-medium text-text">{formatDuration(first.at - exchange.startedAt)}</b>
      </span>
      {pace !== null && (
        <span className="@max-[64rem]:hidden" title={paceTitle(upstream)}>
          {pace === 'at once' && 'tokens '}
          <b className="font-medium text-text">{pace.replace(' tokens/s', '')}</b>
          {pace !== 'at once' && ' tokens/s'}
        </span>
      )}
    </>
  )
}
