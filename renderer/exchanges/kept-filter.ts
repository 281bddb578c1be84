import { redactTarget } from '../../proxy-core/contract/redact.ts'
import { readFilterTerms } from './filter-terms.ts'

/** A filter as it may be kept: without the secrets in it, so that it finds what it found, for targets are shown without them too. */
export function keptFilterText(text: string): string {
  let kept = ''
  let end = 0
  for (const { from, to } of readFilterTerms(text)) {
    kept += text.slice(end, from) + keptTerm(text.slice(from, to))
    end = to
  }
  return kept + text.slice(end)
}

function keptTerm(term: string): string {
  // A pattern is not the target itself.
  if (/^-?([a-z]+:)?\/.+\/i?$/is.test(term)) return term
  return term.endsWith('"') ? `${redactTarget(term.slice(0, -1))}"` : redactTarget(term)
}
