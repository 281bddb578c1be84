import type { ReactNode } from 'react'

/** One thing that is known of a row, in its list of facts. */
export function Fact({ name, tone, children }: { name: string; tone?: string | undefined; children: ReactNode }) {
  return (
    <div className="flex min-w-0 gap-2">
      <dt className="shrink-0 text-mute">{name}</dt>
      <dd className={`min-w-0 font-mono text-11 leading-[1.1rem] [overflow-wrap:anywhere] ${tone ?? ''}`}>{children}</dd>
    </div>
  )
}
