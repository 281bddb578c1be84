import { Ellipsis, GitCompareArrows } from 'lucide-react'
import type { Exchange, ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { Menu, MenuItem, MenuLine } from '../parts/menu.tsx'
import { useGateway } from '../state/gateway-store.ts'
import { openComparison, pickComparison, selectExchange } from '../state/view-store.ts'
import { otherBuffering } from './captured-request.ts'
import { copyExchange, sendAgain, sendWithOtherBuffering } from './send-again.ts'

/** All that can be done with the request of an exchange, for its menus. */
export function ExchangeMenuItems({ id }: { id: ExchangeId }) {
  const exchange = useGateway((view) => view.exchanges.get(id))
  if (!exchange) return null
  return (
    <>
      <MenuItem onSelect={() => sendAgain(exchange)}>Send again…</MenuItem>
      <MenuItem onSelect={() => sendWithOtherBuffering(exchange)}>Send again with buffering {otherBuffering(exchange)}</MenuItem>
      <MenuItem onSelect={() => sendAndCompare(exchange)}>Send again with buffering {otherBuffering(exchange)}, and compare</MenuItem>
      <MenuItem onSelect={() => pickComparison(exchange.id)}>Compare with…</MenuItem>
      <MenuLine />
      <MenuItem onSelect={() => copyExchange(exchange, 'curl')}>Copy as curl</MenuItem>
      <MenuItem onSelect={() => copyExchange(exchange, 'fetch')}>Copy as fetch</MenuItem>
      <MenuItem onSelect={() => copyExchange(exchange, 'EventSource')}>Copy as EventSource</MenuItem>
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

function sendAndCompare(exchange: Exchange): void {
  sendWithOtherBuffering(exchange, (id) => {
    selectExchange(id)
    openComparison(exchange.id, id)
  })
}
