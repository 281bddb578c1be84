import { useState } from 'react'
import { copyText } from '../parts/copy-text.ts'
import { MenuCheck, MenuItem, MenuLine } from '../parts/menu.tsx'
import { showToast } from '../parts/toast.tsx'
import { copiedAs, copyForms, type CopyForm } from './copy-request.ts'
import { redactedDraft, type RequestDraft } from './request-draft.ts'

/** The ways to copy a draft, in a menu. Its secrets go along only when it is said for this one copy. */
export function CopyItems({ draft, base }: { draft: RequestDraft; base: string }) {
  const [withSecrets, setWithSecrets] = useState(false)
  const { draft: redacted, secrets } = redactedDraft(draft)
  const copy = (form: CopyForm): void => {
    const made = copiedAs(form, withSecrets ? draft : redacted, base)
    if ('reason' in made) return showToast({ title: made.reason })
    const left = withSecrets || secrets.length === 0 ? {} : { description: `Without secrets: ${secrets.join(', ')}.` }
    copyText(made.code, () => showToast({ title: `Copied as ${form}`, ...left }))
  }
  return (
    <>
      {copyForms.map((form) => (
        <MenuItem key={form} onSelect={() => copy(form)}>
          {form}
        </MenuItem>
      ))}
      {secrets.length > 0 && (
        <>
          <MenuLine />
          <MenuCheck isChecked={withSecrets} onChange={setWithSecrets}>
            With its secrets
          </MenuCheck>
        </>
      )}
    </>
  )
}
