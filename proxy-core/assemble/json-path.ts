import { isObject } from './json-fields.ts'

/** One step of a path: a name, an index, or every entry. */
export type PathStep = { readonly name: string } | { readonly index: number } | 'every'

/** Values that one row may give. */
const foundLimit = 1000
const stepLimit = 32

/** The steps of a JSON path (`$.choices[0].delta['content']`, `$.parts[*].text`), or where it can't be read. */
export function parsePath(path: string): readonly PathStep[] | { readonly faultAt: number } {
  const steps: PathStep[] = []
  let at = path.startsWith('$') ? 1 : 0
  while (at < path.length) {
    stepForm.lastIndex = at
    const match = stepForm.exec(path)
    // A name may stand at the very start, for those who leave `$.` out.
    const bare = match === null && at === 0 ? /^[^\s.[\]'"$*]+/.exec(path) : null
    const text = match?.[0] ?? bare?.[0]
    if (text === undefined || steps.length === stepLimit) return { faultAt: at }
    const { name = bare?.[0], index, single, double } = match?.groups ?? {}
    const quoted = single ?? double
    if (quoted !== undefined) steps.push({ name: quoted.replace(/\\(.)/gs, '$1') })
    else if (index !== undefined) steps.push({ index: Number(index) })
    else if (name !== undefined) steps.push({ name })
    else steps.push('every')
    at += text.length
  }
  return steps
}

const stepForm =
  /\.(?<name>[^\s.[\]'"$*]+)|\.\*|\[\*\]|\[(?<index>\d{1,9})\]|\['(?<single>(?:[^'\\]|\\.)*)'\]|\["(?<double>(?:[^"\\]|\\.)*)"\]/sy

/** What a value has at a path; own fields alone, so that no path leads out of the data. */
export function readPath(value: unknown, steps: readonly PathStep[]): readonly unknown[] {
  let found: unknown[] = [value]
  for (const step of steps) {
    const next: unknown[] = []
    for (const entry of found) {
      if (next.length >= foundLimit) break
      if (step === 'every') next.push(...everyEntry(entry).slice(0, foundLimit))
      else if ('index' in step) {
        if (Array.isArray(entry) && step.index < entry.length) next.push(entry[step.index])
      } else if (isObject(entry) && Object.hasOwn(entry, step.name)) next.push(entry[step.name])
    }
    found = next
  }
  return found
}

/** A name as a step of a path is written. */
export function nameStep(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(name) ? `.${name}` : `['${name.replace(/[\\']/g, '\\$&')}']`
}

function everyEntry(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return isObject(value) ? Object.values(value) : []
}
