import { memo, useMemo } from 'react'
import { cx } from '../parts/cx.ts'
import { visibleRuns } from './visible-text.ts'

/** Text as it came over the wire, never as markup, with its control characters in sight. */
export const WireText = memo(function WireText({ text }: { text: string }) {
  const runs = useMemo(() => visibleRuns(text), [text])
  if (text === '') return <p className="p-3 text-12 text-mute">Empty</p>
  return (
    <pre className="p-3 font-mono text-11 leading-[1.55] break-words whitespace-pre-wrap [overflow-wrap:anywhere] [tab-size:4]">
      {runs.map((run, index) => (
        <span key={index} className={cx(run.isMark && 'text-faint select-none')}>
          {run.text}
        </span>
      ))}
    </pre>
  )
})
