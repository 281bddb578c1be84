/** The sign of Sluice: a gate that is up, held water above it and a flow below. */
export function Mark() {
  return (
    <svg viewBox="0 0 18 18" className="size-[1.125rem] shrink-0" aria-hidden="true">
      <path d="M2 2v14M16 2v14" className="stroke-mute" strokeWidth="2" strokeLinecap="round" />
      <rect x="4.5" y="2" width="9" height="6.5" rx="1" className="fill-held" />
      <path d="M4.5 13.5q2.25-2 4.5 0t4.5 0" className="stroke-flow" strokeWidth="2" fill="none" strokeLinecap="round" />
    </svg>
  )
}
