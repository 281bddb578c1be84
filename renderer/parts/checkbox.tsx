import { Checkbox as Base } from '@base-ui/react/checkbox'
import { Check } from 'lucide-react'
import type { ReactNode } from 'react'

/** A yes or no with words beside it. */
export function Checkbox({
  isChecked,
  onChange,
  children,
  hint,
}: {
  isChecked: boolean
  onChange: (isChecked: boolean) => void
  children: ReactNode
  hint?: ReactNode
}) {
  return (
    <label className="flex items-start gap-2 text-13">
      <Base.Root
        checked={isChecked}
        onCheckedChange={onChange}
        className="mt-0.5 inline-flex size-4 shrink-0 items-center justify-center rounded-tag border border-edge bg-bg data-checked:border-flow data-checked:bg-flow-bg"
      >
        <Base.Indicator className="text-flow">
          <Check size={12} strokeWidth={3} />
        </Base.Indicator>
      </Base.Root>
      <span>
        {children}
        {hint !== undefined && <span className="block text-12 text-faint">{hint}</span>}
      </span>
    </label>
  )
}
