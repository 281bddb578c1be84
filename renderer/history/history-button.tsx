import { Button } from '../parts/button.tsx'
import { useGateway } from '../state/gateway-store.ts'
import { openHistory } from '../state/view-store.ts'
import { historyLabel } from './history-words.ts'

/** Says at the bottom of the window whether exchanges are kept on disk, and opens the history. */
export function HistoryButton() {
  const isUp = useGateway((view) => view.connection === 'up')
  const history = useGateway((view) => view.history)
  if (!isUp) return null
  return (
    <Button
      size="small"
      look="ghost"
      className={history.problem === null ? 'h-5! px-1! font-normal' : 'h-5! px-1! font-normal text-bad!'}
      title={history.problem?.message ?? 'Exchanges on disk: switch, limits, search'}
      onClick={() => openHistory(true)}
    >
      {historyLabel(history)}
    </Button>
  )
}
