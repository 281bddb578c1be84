import { useState } from 'react'
import { Button } from '../parts/button.tsx'
import { Picker } from '../parts/picker.tsx'
import { useView } from '../state/view-store.ts'
import type { RequestDraft } from './request-draft.ts'

/** The button that leads back to a request that was sent before. */
export function RequestHistory({ onPick }: { onPick: (draft: RequestDraft) => void }) {
  const drafts = useView((view) => view.sentDrafts)
  const [isOpen, setIsOpen] = useState(false)
  if (drafts.length === 0) return null
  const items = drafts.map((draft, index) => ({
    id: String(index),
    label: `${draft.method} ${draft.url}`,
    ...(draft.buffering === 'route' ? {} : { detail: `buffering ${draft.buffering}` }),
    run: () => onPick(draft),
  }))
  return (
    <>
      <Button size="small" look="ghost" className="ml-auto" onClick={() => setIsOpen(true)}>
        Sent before…
      </Button>
      {isOpen && (
        <Picker
          title="Requests sent before"
          placeholder="Find a request that was sent before"
          groups={[{ value: 'Newest first, without secrets', items }]}
          onClose={() => setIsOpen(false)}
        />
      )}
    </>
  )
}
