import { memo, useMemo } from 'react'
import { cx } from '../parts/cx.ts'
import { prettyJson, type JsonToken } from './json-tokens.ts'
import { visibleLine, visibleRuns } from './visible-text.ts'

// Beyond this, elements per token cost more than a frame: 64 KiB of JSON are about 10,000 of them.
const colouredLength = 65_536

/** Text as it came over the wire, never as markup: JSON laid out and coloured, everything else with its control characters in sight. */
export const WireText = memo(function WireText({ text, isPretty }: { text: string; isPretty: boolean }) {
  const tokens = useMemo(() => (isPretty ? prettyJson(text) : null), [text, isPretty])
  if (text === '') return <p className="p-3 text-12 text-mute">Empty</p>
  return (
    <pre className="p-3 font-mono text-11 leading-[1.55] break-words whitespace-pre-wrap [overflow-wrap:anywhere] [tab-size:4]">
      {tokens ? <JsonText tokens={tokens} /> : <PlainText text={text} />}
    </pre>
  )
})

function JsonText({ tokens }: { tokens: readonly JsonToken[] }) {
  const texts = tokens.map(({ kind, text }) => (kind === 'space' ? text : visibleLine(text)))
  const length = texts.reduce((total, text) => total + text.length, 0)
  if (length > colouredLength) return texts.join('')
  return tokens.map(({ kind }, index) => (
    <span key={index} className={tones[kind]}>
      {texts[index]}
    </span>
  ))
}

function PlainText({ text }: { text: string }) {
  const runs = useMemo(() => visibleRuns(text), [text])
  return runs.map((run, index) => (
    <span key={index} className={cx(run.isMark && 'text-faint select-none')}>
      {run.text}
    </span>
  ))
}

// Shades and weight alone: in this window a colour says who had the bytes.
const tones: Readonly<Record<JsonToken['kind'], string>> = {
  key: 'text-mute',
  string: 'text-text',
  number: 'font-semibold',
  word: 'font-semibold',
  punctuation: 'text-faint',
  space: '',
}
