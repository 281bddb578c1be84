import { useState } from 'react'
import type { PathSuggestion } from '../../proxy-core/contract/assembled.ts'
import type { RouteId } from '../../proxy-core/contract/route.ts'
import { Button } from '../parts/button.tsx'
import { Field, TextInput } from '../parts/field.tsx'
import { setAssembledPath } from './assembled-path.ts'
import { visibleLine } from './visible-text.ts'

export interface PathPickerProps {
  /** The path is kept for this route's streams. */
  readonly routeId: RouteId | null
  /** The path that is followed now, and has led nowhere. */
  readonly path: string | null
  readonly suggestions: readonly PathSuggestion[]
  /** Why the path cannot be read. */
  readonly problem: string | null
}

/** Asks where the text is in a stream whose format is not known. */
export function PathPicker({ routeId, path, suggestions, problem }: PathPickerProps) {
  const [draft, setDraft] = useState(path ?? '')
  const fault = problem ?? (path === null ? undefined : 'Nothing is there in the rows that were read.')
  return (
    <div className="mx-auto flex w-full max-w-[34rem] flex-col gap-4 px-4 py-6">
      <div className="flex flex-col gap-1">
        <h3 className="text-15 font-semibold">Where is the text?</h3>
        <p className="text-13 text-mute">
          These rows are in no format that is known here: OpenAI Chat Completions and Responses, Anthropic Messages, Gemini, Ollama. Pick
          the field that has the text, and it is put together; the choice is kept for this route.
        </p>
      </div>
      <form
        className="flex items-start gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          setAssembledPath(routeId, draft.trim() === '' ? null : draft.trim())
        }}
      >
        <Field label="JSON path" problem={fault} hint="$ is the whole row" className="flex-1">
          <TextInput value={draft} onChange={setDraft} placeholder="$.choices[0].delta.content" isMono />
        </Field>
        <Button type="submit" look="primary" className="mt-[1.4rem]">
          Put together
        </Button>
      </form>
      {suggestions.length > 0 && (
        <div className="flex flex-col gap-1">
          <h4 className="text-12 font-medium text-mute">Fields whose text changes from row to row</h4>
          <ul className="flex flex-col rounded-control border border-line">
            {suggestions.map(({ path: suggested, sample }) => (
              <li key={suggested} className="border-b border-line last:border-b-0">
                <button
                  type="button"
                  className="flex w-full min-w-0 items-baseline gap-3 px-2.5 py-1.5 text-left -outline-offset-2 hover:bg-raised"
                  onClick={() => setAssembledPath(routeId, suggested)}
                >
                  <span className="max-w-[60%] min-w-0 shrink-0 truncate font-mono text-12 text-flow">{visibleLine(suggested)}</span>
                  <span className="min-w-0 truncate text-12 text-mute">{visibleLine(sample)}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}
