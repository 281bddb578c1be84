import { importPieceBytes } from '../../proxy-core/contract/exchange-files.ts'
import { GatewayError } from '../../proxy-core/contract/errors.ts'
import { invoke } from '../gateway.ts'
import { showToast } from '../parts/toast.tsx'
import { selectExchange } from '../state/view-store.ts'
import { plural } from '../text.ts'

/** Imports files, one after the other; each says what came of it. */
export async function readImports(files: readonly File[]): Promise<void> {
  for (const file of files) await readImport(file)
}

/** Hands a file to the gateway, piece by piece; the first of its exchanges is then selected. */
async function readImport(file: File): Promise<void> {
  let importId: number | null = null
  try {
    importId = (await invoke('import.start')).importId
    for (let at = 0; at < file.size; at += importPieceBytes) {
      const piece = await file.slice(at, at + importPieceBytes).arrayBuffer()
      await invoke('import.write', { importId, bytes: new Uint8Array(piece) })
    }
    const { ids, notes } = await invoke('import.finish', { importId })
    showToast({
      title: `Imported ${plural(ids.length, 'exchange')} from ${file.name}`,
      ...(notes[0] ? { description: notesText(notes) } : {}),
    })
    const [first] = ids
    if (first !== undefined) selectExchange(first)
  } catch (error) {
    if (importId !== null) void invoke('import.stop', { importId }).catch(() => undefined)
    const description = error instanceof GatewayError ? error.message : 'Something went wrong inside the window.'
    showToast({ title: `${file.name} was not imported`, description, tone: 'bad', timeoutMs: 10_000 })
  }
}

/** Asks for files and imports them. */
export function chooseImport(): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = '.har,.jsonl,.json,.ndjson'
  input.multiple = true
  input.hidden = true
  input.addEventListener('change', () => {
    input.remove()
    void readImports([...(input.files ?? [])])
  })
  input.addEventListener('cancel', () => input.remove())
  // Outside the page it might be collected while the person still chooses.
  document.body.append(input)
  input.click()
}

function notesText(notes: readonly string[]): string {
  return notes.length === 1 ? (notes[0] ?? '') : `${notes[0] ?? ''} And ${plural(notes.length - 1, 'more note')}.`
}
