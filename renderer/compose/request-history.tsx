import { useState } from 'react'
import { Button } from '../parts/button.tsx'
import { Picker } from '../parts/picker.tsx'
import { forgetDrafts, useView } from '../state/view-store.ts'
import type { RequestDraft } from './request-draft.ts'

const kept = 'Newest first. Kept without secrets in headers and URL; bodies as they were, up to 64 KiB.'

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
  const forget = {
    id: 'forget',
    label: `Forget ${drafts.length === 1 ? 'this request' : `these ${drafts.length} requests`}`,
    run: forgetDrafts,
  }
  return (
    <>
      <Button size="small" look="ghost" className="-mr-2 ml-auto" onClick={() => setIsOpen(true)}>
        Sent before…
      </Button>
      {isOpen && (
        <Picker
          title="Requests sent before"
          placeholder="Find a request that was sent before"
          groups={[
            { value: kept, items },
            { value: 'On this computer', items: [forget] },
          ]}
          onClose={() => setIsOpen(false)}
        />
      )}
    </>
  )
}
