import { invoke } from '../gateway.ts'
import { Button } from '../parts/button.tsx'
import { Menu, MenuChoices } from '../parts/menu.tsx'
import { reportRefusal } from '../routes/route-actions.ts'
import { useGateway } from '../state/gateway-store.ts'
import { formatClock, formatCount, formatMebibytes, plural } from '../text.ts'

/** Whether bodies are kept, for the whole gateway: a full dot while they are, an empty one while a person has stopped it. */
export function CaptureSwitch() {
  const isUp = useGateway((view) => view.connection === 'up')
  const stoppedAt = useGateway((view) => view.status?.captureStoppedAt ?? null)
  if (!isUp) return null
  const isOn = stoppedAt === null
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      aria-label="Capture"
      title={
        isOn
          ? 'Stops keeping bodies, of every stream; traffic, times and totals go on'
          : `Stopped at ${formatClock(stoppedAt)}: bodies are not kept; traffic, times and totals go on`
      }
      className="flex shrink-0 items-center gap-1.5 rounded-tag px-1 hover:bg-raised hover:text-text"
      onClick={() => void invoke(isOn ? 'capture.stop' : 'capture.start').catch(reportRefusal)}
    >
      <span aria-hidden="true" className={isOn ? 'size-2 rounded-full bg-text' : 'size-2 rounded-full border border-mute'} />
      {isOn ? 'capture on' : <b className="font-medium text-text">capture off since {formatClock(stoppedAt)}</b>}
    </button>
  )
}

const budgets = [64, 128, 256, 512, 1024, 2048, 4096]

/** How full the capture budget is, and how large it is. */
export function CaptureBudget() {
  const isUp = useGateway((view) => view.connection === 'up')
  const totals = useGateway((view) => view.totals)
  const budgetMiB = Math.round(totals.captureBudgetBytes / 1_048_576)
  const isFull = totals.forgottenRows > 0 && totals.capturedBytes > totals.captureBudgetBytes * 0.9
  if (!isUp) return null
  const choices = [...new Set([...budgets, budgetMiB])].sort((one, other) => one - other)
  return (
    <Menu
      align="end"
      trigger={
        <Button
          size="small"
          look="ghost"
          className={isFull ? 'h-5! px-1! font-normal text-held!' : 'h-5! px-1! font-normal'}
          title={budgetAdvice(isFull)}
        >
          <span className="sr-only">capture budget: </span>
          <span>
            <b className="font-medium text-text">{formatMebibytes(totals.capturedBytes)}</b> of {formatCount(budgetMiB)} MiB
            {totals.pinnedExchanges > 0 && `, ${plural(totals.pinnedExchanges, 'pin')}`}
            {isFull && (
              <>
                , full<span className="max-[64rem]:hidden">: the oldest goes first</span>
              </>
            )}
          </span>
        </Button>
      }
    >
      <p className="max-w-72 px-2 py-1 text-12 text-mute">{budgetAdvice(isFull)}</p>
      <MenuChoices
        value={String(budgetMiB)}
        choices={choices.map((size) => ({ value: String(size), label: `${formatCount(size)} MiB` }))}
        onChange={(size) => void invoke('capture.budget', { budgetMiB: Number(size) }).catch(reportRefusal)}
      />
    </Menu>
  )
}

function budgetAdvice(isFull: boolean): string {
  return isFull
    ? 'The budget is full, so the oldest captured bytes are forgotten; streams go on. Pin what must stay, clear what need not, or choose a larger budget.'
    : 'What captured bodies may take of memory, saved in the config. When it is full the oldest are forgotten, pinned ones last.'
}
