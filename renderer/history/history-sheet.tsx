import { TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../parts/button.tsx'
import { Checkbox } from '../parts/checkbox.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { CopyButton } from '../parts/copy-button.tsx'
import { Field, TextInput } from '../parts/field.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { useNow } from '../state/clock.ts'
import { useGateway } from '../state/gateway-store.ts'
import { openHistory, useView } from '../state/view-store.ts'
import { formatBytes, plural } from '../text.ts'
import { forgetHistory, setHistory } from './history-actions.ts'
import { HistoryFound } from './history-found.tsx'
import { historyNotes, keptWords, readLimit, type LimitRange } from './history-words.ts'

/** The history on disk: its switch, its limits, how it fares, what is in it, and how to forget it. */
export function HistorySheet() {
  const isOpen = useView((view) => view.isHistoryOpen)
  return (
    <Sheet title="History on disk" isOpen={isOpen} onCloseRequest={() => openHistory(false)} footer={<Forgetting />}>
      <Standing />
      <Limits />
      <Finding />
    </Sheet>
  )
}

function Standing() {
  const history = useGateway((view) => view.history)
  const now = useNow(history.state === 'on', 30_000)
  const { settings, file, problem } = history
  return (
    <section aria-label="Keep a history" className="flex flex-col gap-3 p-4">
      <Checkbox
        isChecked={settings.enabled}
        onChange={(enabled) => setHistory({ ...settings, enabled })}
        hint="So that a restart loses none of them. Secrets in heads stay redacted; bodies are written as they came. While this is off nothing is written."
      >
        Keep exchanges on disk when they have ended or are pinned
      </Checkbox>
      <p role="status" className="text-13">
        {keptWords(history, now)}
      </p>
      {problem !== null && (
        <p role="alert" className="flex items-start gap-2 text-13 text-bad">
          <TriangleAlert size={14} className="mt-0.5 shrink-0" aria-hidden="true" />
          <span data-selectable className="min-w-0 break-words">
            {problem.message}
          </span>
        </p>
      )}
      {historyNotes(history).map((note) => (
        <p key={note} data-selectable className="text-12 break-words text-held">
          {note}
        </p>
      ))}
      {file !== null && (settings.enabled || history.fileBytes > 0) && (
        <p className="flex items-center gap-1 text-12 text-mute">
          <span className="min-w-0 font-mono break-all select-text">{file}</span>
          <CopyButton text={file} label="Copy the name of the file" />
        </p>
      )}
    </section>
  )
}

const sizes: LimitRange = { least: 16, most: 65_536, unit: 'MiB' }
const ages: LimitRange = { least: 1, most: 3650, unit: 'days' }

function Limits() {
  const settings = useGateway((view) => view.history.settings)
  const [draft, setDraft] = useState<{ readonly size: string; readonly age: string } | null>(null)
  const { size, age } = draft ?? { size: String(settings.maxMiB), age: String(settings.maxDays) }
  const [maxMiB, maxDays] = [readLimit(size, sizes), readLimit(age, ages)]
  const isChanged = maxMiB !== settings.maxMiB || maxDays !== settings.maxDays
  const save = (): void => {
    if (typeof maxMiB !== 'number' || typeof maxDays !== 'number') return
    setHistory({ ...settings, maxMiB, maxDays })
    setDraft(null)
  }
  return (
    <form
      aria-label="Limits of the history"
      className="flex flex-col gap-3 border-t border-line p-4"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <div className="grid grid-cols-2 gap-3">
        <Field label="Keep at most (MiB)" hint="Then the oldest are forgotten" problem={problemIn(maxMiB)}>
          <TextInput value={size} onChange={(next) => setDraft({ size: next, age })} isNumeric />
        </Field>
        <Field label="Keep for at most (days)" hint="Pinned exchanges stay longer" problem={problemIn(maxDays)}>
          <TextInput value={age} onChange={(next) => setDraft({ size, age: next })} isNumeric />
        </Field>
      </div>
      {isChanged && (
        <div className="flex gap-2">
          <Button type="submit" look="primary" size="small" disabled={typeof maxMiB === 'string' || typeof maxDays === 'string'}>
            Save limits
          </Button>
          <Button size="small" look="ghost" onClick={() => setDraft(null)}>
            Back to {settings.maxMiB} MiB, {plural(settings.maxDays, 'day')}
          </Button>
        </div>
      )}
    </form>
  )
}

function Finding() {
  const state = useGateway((view) => view.history.state)
  if (state === 'on') return <HistoryFound />
  return (
    <p className="border-t border-line p-4 text-12 text-mute">
      {state === 'off'
        ? 'Switch the history on to look for something in it.'
        : 'When the file is open, all that is in it can be searched here.'}
    </p>
  )
}

function Forgetting() {
  const history = useGateway((view) => view.history)
  const [isAsking, setIsAsking] = useState(false)
  const hasContent = history.state === 'on' ? history.exchanges > 0 : history.fileBytes > 0
  return (
    <div className="flex items-center gap-3">
      <Button look="bad" disabled={!hasContent} onClick={() => setIsAsking(true)}>
        Forget all…
      </Button>
      <span className="text-12 text-mute">One alone: by its menu, “Forget for good”.</span>
      {isAsking && (
        <Confirm title="Forget the whole history?" action="Forget all" onConfirm={forgetHistory} onClose={() => setIsAsking(false)}>
          <p>
            {history.state === 'on' ? plural(history.exchanges, 'exchange') : formatBytes(history.fileBytes)} on disk, pinned ones too, will
            be gone from the file for good.
          </p>
          <p>What came since the start stays in the list, until you clear it.</p>
        </Confirm>
      )}
    </div>
  )
}

function problemIn(limit: number | string): string | undefined {
  return typeof limit === 'string' ? limit : undefined
}
