import { Plus, Trash2 } from 'lucide-react'
import { Button } from '../parts/button.tsx'
import { TextInput } from '../parts/field.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Menu, MenuChoices } from '../parts/menu.tsx'
import type { HeaderRule } from './route-draft.ts'

export interface HeaderRulesProps {
  /** Whose headers: `Request` or `Response`. */
  readonly title: string
  readonly rules: readonly HeaderRule[]
  readonly problem: string | undefined
  readonly onChange: (rules: readonly HeaderRule[]) => void
}

/** Header rules as a list: set, add or remove, one header a line. */
export function HeaderRules({ title, rules, problem, onChange }: HeaderRulesProps) {
  const replace = (index: number, patch: Partial<HeaderRule>) =>
    onChange(rules.map((rule, at) => (at === index ? { ...rule, ...patch } : rule)))
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-12 font-medium text-mute">{title} headers</legend>
      {rules.map((rule, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- a rule is nothing but its place in the list
        <div key={index} className="flex items-center gap-1.5">
          <Menu
            trigger={
              <Button size="normal" className="w-[4.75rem]" aria-label={`What rule ${index + 1} does: ${rule.action}`}>
                {actionWords[rule.action]}
              </Button>
            }
          >
            <MenuChoices value={rule.action} onChange={(action) => replace(index, { action })} choices={actions} />
          </Menu>
          <TextInput
            isMono
            label={`Name in rule ${index + 1}`}
            className="w-40! shrink-0"
            value={rule.name}
            onChange={(name) => replace(index, { name })}
            placeholder="X-Header"
          />
          {rule.action === 'remove' ? (
            <span className="flex-1" />
          ) : (
            <TextInput
              isMono
              label={`Value in rule ${index + 1}`}
              value={rule.value}
              onChange={(value) => replace(index, { value })}
              placeholder="value"
            />
          )}
          <IconButton label={`Remove rule ${index + 1}`} onClick={() => onChange(rules.filter((_, at) => at !== index))}>
            <Trash2 size={14} />
          </IconButton>
        </div>
      ))}
      {problem !== undefined && (
        <p role="alert" tabIndex={-1} data-invalid="" className="text-12 text-bad">
          {problem}
        </p>
      )}
      <Button
        look="ghost"
        size="small"
        className="-ml-2 self-start"
        onClick={() => onChange([...rules, { action: 'set', name: '', value: '' }])}
      >
        <Plus size={13} aria-hidden="true" />
        Add a rule
      </Button>
    </fieldset>
  )
}

const actionWords = { set: 'Set', add: 'Add', remove: 'Remove' } as const

const actions = [
  { value: 'set', label: 'Set: one value, in place of any' },
  { value: 'add', label: 'Add: one value more' },
  { value: 'remove', label: 'Remove' },
] as const
