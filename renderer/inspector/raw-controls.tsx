import { Copy } from 'lucide-react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { invoke } from '../gateway.ts'
import { copyText } from '../parts/copy-text.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { showToast } from '../parts/toast.tsx'
import { reportRefusal } from '../routes/route-actions.ts'
import { formatBytes } from '../text.ts'

export type RawSide = 'request' | 'response'
export type RawForm = 'text' | 'hex'

export interface RawControlsProps {
  readonly exchange: Exchange
  readonly side: RawSide
  readonly form: RawForm
  readonly total: number
  readonly onSide: (side: RawSide) => void
  readonly onForm: (form: RawForm) => void
}

const copiedBytes = 1_048_576

/** Which bytes are shown, and how. */
export function RawControls({ exchange, side, form, total, onSide, onForm }: RawControlsProps) {
  const isBothWays = exchange.rowKind === 'message'
  return (
    <>
      <span className="text-12 whitespace-nowrap text-mute @max-[40rem]:hidden">{formatBytes(total)}</span>
      <Segmented<RawSide>
        label="Body"
        value={side}
        segments={[
          { value: 'request', label: isBothWays ? '↑ To upstream' : 'Request', ...(isBothWays ? { name: 'To upstream' } : {}) },
          { value: 'response', label: isBothWays ? '↓ To client' : 'Response', ...(isBothWays ? { name: 'To client' } : {}) },
        ]}
        onChange={onSide}
      />
      <Segmented<RawForm>
        label="Form"
        value={form}
        segments={[
          { value: 'text', label: 'Text' },
          { value: 'hex', label: 'Hex' },
        ]}
        onChange={onForm}
      />
      <IconButton
        size="small"
        label={total > copiedBytes ? 'Copy the first 1 MiB as text' : 'Copy as text'}
        disabled={total === 0}
        onClick={() => void copyBody(exchange, side)}
      >
        <Copy size={13} />
      </IconButton>
    </>
  )
}

async function copyBody({ id }: Exchange, side: RawSide): Promise<void> {
  try {
    const { bytes } = await invoke('exchange.body', { id, side, from: 0, to: copiedBytes })
    copyText(new TextDecoder().decode(bytes), () => showToast({ title: `Copied ${formatBytes(bytes.length)}` }))
  } catch (error) {
    reportRefusal(error)
  }
}
