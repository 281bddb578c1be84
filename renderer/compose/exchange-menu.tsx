import { Ellipsis, GitCompareArrows } from 'lucide-react'
import { useState } from 'react'
import type { Exchange, ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { Menu, MenuCheck, MenuItem, MenuLine } from '../parts/menu.tsx'
import { useGateway } from '../state/gateway-store.ts'
import { askToForget, pickComparison } from '../state/view-store.ts'
import { otherBuffering } from './captured-request.ts'
import { copyForms } from './copy-request.ts'
import { copyExchange, sendAgain, sendAndCompare, sendWithOtherBuffering } from './send-again.ts'

/** All that can be done with the request of an exchange, for its menus. */
export function ExchangeMenuItems({ id }: { id: ExchangeId }) {
  const exchange = useGateway((view) => view.exchanges.get(id))
  const isReadable = useGateway((view) => view.routes.some((route) => route.id === exchange?.routeId && route.capture.redact === 'none'))
  const hasHistory = useGateway((view) => view.history.state === 'on')
  const [withSecrets, setWithSecrets] = useState(false)
  if (!exchange) return null
  return (
    <>
      <MenuItem onSelect={() => sendAgain(exchange)}>Send again…</MenuItem>
      <MenuItem onSelect={() => sendWithOtherBuffering(exchange)}>Send again with buffering {otherBuffering(exchange)}</MenuItem>
      <MenuItem onSelect={() => sendAndCompare(exchange)}>Send again with buffering {otherBuffering(exchange)}, and compare</MenuItem>
      <MenuItem onSelect={() => pickComparison(exchange.id)}>Compare with…</MenuItem>
      <MenuLine />
      {copyForms.map((form) => (
        <MenuItem key={form} onSelect={() => copyExchange(exchange, form, withSecrets)}>
          Copy as {form}
        </MenuItem>
      ))}
      {isReadable && (
        <MenuCheck isChecked={withSecrets} onChange={setWithSecrets}>
          Copy with the secrets that the route leaves readable
        </MenuCheck>
      )}
      {hasHistory && exchange.state !== 'open' && (
        <>
          <MenuLine />
          <MenuItem isBad onSelect={() => askToForget(exchange.id)}>
            Forget for good…
          </MenuItem>
        </>
      )}
    </>
  )
}

/** The buttons of that menu in the detail of an exchange. */
export function ExchangeMenu({ exchange }: { exchange: Exchange }) {
  return (
    <>
      <IconButton
        size="small"
        label={`Send again with buffering ${otherBuffering(exchange)}, and compare`}
        onClick={() => sendAndCompare(exchange)}
      >
        <GitCompareArrows size={14} />
      </IconButton>
      <Menu
        align="end"
        trigger={
          <IconButton size="small" label="Send again, copy">
            <Ellipsis size={14} />
          </IconButton>
        }
      >
        <ExchangeMenuItems id={exchange.id} />
      </Menu>
    </>
  )
}
