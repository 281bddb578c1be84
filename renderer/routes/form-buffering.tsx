import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import { bufferingPresets } from '../../proxy-core/contract/buffering.ts'
import { Checkbox } from '../parts/checkbox.tsx'
import { Field, TextInput } from '../parts/field.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { holdSentence, modeSentences } from './form-words.ts'
import type { FormPart } from './form-part.ts'
import { readBytes, readMs, writeBytes, writeMs } from './quantity.ts'
import { bufferingSegments } from './route-switch.tsx'

/** The first part of the route form: whether bytes are held, and until when. */
export function BufferingPart({ draft, issues, change }: FormPart) {
  const bytes = readBytes(draft.holdBytes)
  const ms = readMs(draft.holdMs)
  const preset = bufferingPresets.find((candidate) => candidate.holdBytes === bytes && candidate.holdMs === ms)
  return (
    <section aria-label="Response buffering" className="flex flex-col gap-3 p-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h3 className="flex-1 font-semibold">Response buffering</h3>
        <Segmented
          label="Response buffering"
          value={draft.mode}
          segments={bufferingSegments}
          tone={draft.mode === 'off' ? 'flow' : draft.mode === 'on' ? 'held' : 'neutral'}
          onChange={(mode) => change({ mode })}
          className="h-7!"
        />
      </div>
      <p className="text-mute">
        {modeSentences[draft.mode]} {draft.mode === 'off' ? 'The limits below count when it is switched on.' : holdSentence(draft)}
      </p>
      <RadioGroup
        aria-label="Hold as"
        value={preset?.name ?? ''}
        onValueChange={(name) => {
          const chosen = bufferingPresets.find((candidate) => candidate.name === name)
          if (!chosen) return
          change({
            holdBytes: chosen.holdBytes === null ? '' : writeBytes(chosen.holdBytes),
            holdMs: chosen.holdMs === null ? '' : writeMs(chosen.holdMs),
          })
        }}
        className="flex flex-wrap gap-1.5"
      >
        {bufferingPresets.map(({ name }) => (
          <Radio.Root
            key={name}
            value={name}
            nativeButton
            // oxlint-disable-next-line jsx-a11y/control-has-associated-label -- its label is put in by Radio.Root
            render={<button type="button" />}
            className="h-6 rounded-control border border-line px-2 text-12 text-mute hover:border-edge hover:text-text data-checked:border-edge data-checked:bg-raised data-checked:font-medium data-checked:text-text"
          >
            {name}
          </Radio.Root>
        ))}
      </RadioGroup>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(11rem,1fr))] gap-3">
        <Field label="Hold up to" hint="Empty: no limit by size" problem={issues.holdBytes}>
          <TextInput value={draft.holdBytes} onChange={(holdBytes) => change({ holdBytes })} placeholder="no size limit" />
        </Field>
        <Field label="Hold for at most" hint="Empty: no limit by time" problem={issues.holdMs}>
          <TextInput value={draft.holdMs} onChange={(holdMs) => change({ holdMs })} placeholder="no time limit" />
        </Field>
      </div>
      <Checkbox
        isChecked={draft.holdHead}
        onChange={(holdHead) => change({ holdHead })}
        hint="The client does not even see a status before the first release, as behind nginx."
      >
        Hold the response head too
      </Checkbox>
    </section>
  )
}
