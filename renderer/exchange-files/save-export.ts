import type { ExportFormat } from '../../proxy-core/contract/exchange-files.ts'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { invoke } from '../gateway.ts'
import { showToast } from '../parts/toast.tsx'
import { reportRefusal } from '../routes/route-actions.ts'
import { formatBytes } from '../text.ts'

/** What is to be saved, and whether secrets that a route left readable go along. */
export interface ExportOrder {
  readonly ids: readonly ExchangeId[]
  readonly format: ExportFormat
  readonly withSecrets: boolean
}

/** Saves exchanges as a file, where the browser's own download puts it. */
export async function saveExport({ ids, format, withSecrets }: ExportOrder): Promise<void> {
  try {
    const { exportId, fileName, mediaType } = await invoke('export.start', { ids: [...ids], format, withSecrets })
    const pieces: Uint8Array<ArrayBuffer>[] = []
    for (;;) {
      const { bytes, isLast } = await invoke('export.read', { exportId })
      pieces.push(bytes as Uint8Array<ArrayBuffer>)
      if (isLast) break
    }
    const file = new Blob(pieces, { type: mediaType })
    download(file, fileName)
    showToast({ title: `Exported ${fileName}`, description: formatBytes(file.size) })
  } catch (error) {
    reportRefusal(error)
  }
}

function download(file: Blob, name: string): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has its own hold on the blob by then; a minute is more than it takes to begin.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
