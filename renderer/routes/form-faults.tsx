import { faultRoomBytes } from '../../proxy-core/contract/faults.ts'
import { Checkbox } from '../parts/checkbox.tsx'
import { Field, TextInput } from '../parts/field.tsx'
import { formatLimit } from '../text.ts'
import type { FormPart } from './form-part.ts'

/** What a route does to its clients on purpose, so that their reconnecting can be tried. */
export function FaultFields({ draft, issues, change }: FormPart) {
  return (
    <>
      <Checkbox
        isChecked={draft.areFaultsOn}
        onChange={(areFaultsOn) => change({ areFaultsOn })}
        hint="Open exchanges follow at once. Switched off, all that a fault keeps goes on."
      >
        Faults are on
      </Checkbox>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(11rem,1fr))] gap-3">
        <Field
          label="Delay"
          hint={`Each piece is so much later; at most ${formatLimit(faultRoomBytes)} are kept, then the upstream waits`}
          problem={issues.delayMs}
        >
          <TextInput value={draft.delayMs} placeholder="none" onChange={(delayMs) => change({ delayMs })} />
        </Field>
        <Field label="Jitter" hint="And by chance up to so much more" problem={issues.jitterMs}>
          <TextInput value={draft.jitterMs} placeholder="none" onChange={(jitterMs) => change({ jitterMs })} />
        </Field>
        <Field label="Split" hint="Pieces of at most so many bytes" problem={issues.splitBytes}>
          <TextInput value={draft.splitBytes} placeholder="as they come" onChange={(splitBytes) => change({ splitBytes })} />
        </Field>
        <Field label="Merge" hint="Only when so many are together" problem={issues.mergeBytes}>
          <TextInput value={draft.mergeBytes} placeholder="as they come" onChange={(mergeBytes) => change({ mergeBytes })} />
        </Field>
        <Field label="Cut after bytes" hint="The connection is destroyed" problem={issues.cutAfterBytes}>
          <TextInput value={draft.cutAfterBytes} placeholder="never" onChange={(cutAfterBytes) => change({ cutAfterBytes })} />
        </Field>
        <Field label="Cut after events" hint="Or lines, or pieces" problem={issues.cutAfterEvents}>
          <TextInput value={draft.cutAfterEvents} placeholder="never" onChange={(cutAfterEvents) => change({ cutAfterEvents })} />
        </Field>
        <Field label="Stall after events" hint="Nothing more goes on, the end neither" problem={issues.stallAfterEvents}>
          <TextInput value={draft.stallAfterEvents} placeholder="never" onChange={(stallAfterEvents) => change({ stallAfterEvents })} />
        </Field>
        <Field label="Answer with status" hint="The upstream is not called" problem={issues.faultStatus}>
          <TextInput value={draft.faultStatus} placeholder="the upstream’s" onChange={(faultStatus) => change({ faultStatus })} />
        </Field>
      </div>
    </>
  )
}
