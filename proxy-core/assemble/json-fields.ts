/** An own field of a JSON object; undefined for anything else, so that nothing of `Object.prototype` is taken for data. */
export function field(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

/** A field that is a string; null for anything else. */
export function textField(value: unknown, name: string): string | null {
  const found = field(value, name)
  return typeof found === 'string' ? found : null
}

/** A field that is a count; null for anything else, and for a number that no count can be. */
export function countField(value: unknown, name: string): number | null {
  const found = field(value, name)
  return typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : null
}

/** The entries of a field that is a list; none for anything else. */
export function listField(value: unknown, name: string): readonly unknown[] {
  const found = field(value, name)
  return Array.isArray(found) ? found : []
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value of a JSON text; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
