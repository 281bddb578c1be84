import type { z } from 'zod'
import type { Remembered } from '../state/remembered.ts'
import type { RequestDraft } from './request-draft.ts'

type SentDrafts = z.output<typeof Remembered>['sentDrafts']

const mostSentDrafts = 50
/** All of what is remembered is written again with each choice that outlives the window. */
const mostDraftCharacters = 262_144

/** The drafts that are remembered once this one has been sent: it comes first, in the place of an equal one, and the oldest give way. */
export function withSentDraft(drafts: SentDrafts, draft: RequestDraft): SentDrafts {
  const text = JSON.stringify(draft)
  const kept: SentDrafts = [{ ...draft, headers: [...draft.headers] }]
  let room = mostDraftCharacters - text.length
  for (const other of drafts) {
    const otherText = JSON.stringify(other)
    if (otherText === text) continue
    room -= otherText.length
    if (room < 0 || kept.length === mostSentDrafts) break
    kept.push(other)
  }
  return kept
}
