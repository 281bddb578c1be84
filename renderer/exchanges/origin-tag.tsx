import type { ExchangeOrigin } from '../../proxy-core/contract/exchange.ts'
import { Tag } from '../parts/tag.tsx'

/** Says of an exchange that did not pass through here since the start where it is from. */
export function OriginTag({ origin }: { origin: ExchangeOrigin }) {
  if (origin === 'live') return null
  return (
    <span className="flex shrink-0" title={origin === 'imported' ? 'Read from a file' : 'Kept on disk before the last start'}>
      <Tag>{origin === 'imported' ? 'imported' : 'history'}</Tag>
    </span>
  )
}
