import { Field as Base } from '@base-ui/react/field'
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export interface FieldProps {
  readonly label: string
  /** What to know before filling it in. */
  readonly hint?: ReactNode
  /** What is wrong with it. */
  readonly problem?: string | undefined
  readonly children: ReactNode
  readonly className?: string
}

/** A label, a control and what is wrong with it. */
export function Field({ label, hint, problem, children, className }: FieldProps) {
  return (
    <Base.Root invalid={problem !== undefined} className={cx('flex min-w-0 flex-col gap-1', className)}>
      <Base.Label className="text-12 font-medium text-mute">{label}</Base.Label>
      {children}
      {problem !== undefined && (
        <Base.Error match className="flex items-start gap-1.5 text-12 text-bad">
          <TriangleAlert size={13} className="mt-0.5 shrink-0" aria-hidden="true" />
          <span data-selectable>{problem}</span>
        </Base.Error>
      )}
      {hint !== undefined && problem === undefined && <Base.Description className="text-12 text-faint">{hint}</Base.Description>}
    </Base.Root>
  )
}

export interface TextInputProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly placeholder?: string
  /** Mono is for wire data: paths, hosts, URLs, header values. */
  readonly isMono?: boolean
  readonly isNumeric?: boolean
  readonly isFirstFocus?: boolean
  readonly isDisabled?: boolean
  /** Is given what is pasted, with its line breaks; true if it has taken it. */
  readonly onPasteText?: (text: string) => boolean
  /** Its name where no `Field` gives it one. */
  readonly label?: string
  readonly className?: string
}

/** A line of text; inside a `Field` it takes that field's label and problem. */
export function TextInput({
  value,
  onChange,
  placeholder,
  isMono = false,
  isNumeric = false,
  isFirstFocus = false,
  isDisabled = false,
  onPasteText,
  label,
  className,
}: TextInputProps) {
  return (
    <Base.Control
      value={value}
      onValueChange={onChange}
      placeholder={placeholder}
      disabled={isDisabled}
      aria-label={label}
      inputMode={isNumeric ? 'numeric' : 'text'}
      autoComplete="off"
      spellCheck={false}
      onPaste={(event) => {
        if (onPasteText?.(event.clipboardData.getData('text/plain')) === true) event.preventDefault()
      }}
      {...(isFirstFocus ? { 'data-first-focus': '' } : {})}
      className={cx(control, isMono && 'font-mono text-12', isNumeric && 'text-right', className)}
    />
  )
}

/** Several lines of text, one entry a line. */
export function TextArea({
  value,
  onChange,
  placeholder,
  rows = 3,
  label,
}: {
  value: string
  onChange: (value: string) => void
  placeholder?: string
  rows?: number
  label?: string
}) {
  return (
    <Base.Control
      value={value}
      onValueChange={onChange}
      placeholder={placeholder}
      aria-label={label}
      spellCheck={false}
      render={<textarea rows={rows} />}
      className={cx(control, 'h-auto resize-y py-1.5 font-mono text-12')}
    />
  )
}

/** The look of a control for text. */
export const control =
  'h-7 w-full min-w-0 rounded-control border border-edge bg-bg px-2 text-13 text-text disabled:opacity-60 data-invalid:border-bad'
