import { ContextMenu } from '@base-ui/react/context-menu'
import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import { Fragment, useState, type ReactElement, type ReactNode } from 'react'
import { cx } from './cx.ts'

export interface MenuProps {
  readonly trigger: ReactElement
  readonly children: ReactNode
  readonly align?: 'start' | 'end'
  /** The button gets the focus back when the menu closes, unless it has gone elsewhere by then. */
  readonly returnsFocus?: boolean
}

/** A menu that a button opens; what was ticked in it is forgotten when it is opened anew. */
export function Menu({ trigger, children, align = 'start', returnsFocus = true }: MenuProps) {
  const [openings, setOpenings] = useState(0)
  return (
    <Base.Root modal={false} onOpenChange={(isOpen) => isOpen && setOpenings((count) => count + 1)}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} sideOffset={4} collisionPadding={8} className="z-40">
          <Base.Popup className={popup} finalFocus={returnsFocus ? undefined : false}>
            <Fragment key={openings}>{children}</Fragment>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

/** Joins one menu to many buttons; each button says with its payload what the menu is about. */
export const createMenuHandle = Base.createHandle

export type MenuHandle<P> = ReturnType<typeof Base.createHandle<P>>

/** One of the buttons of a shared menu. */
export const MenuTrigger = Base.Trigger

/** The menu that many buttons open; a thousand rows then share one. */
export function SharedMenu<P>({ handle, children }: { handle: MenuHandle<P>; children: (payload: P) => ReactNode }) {
  return (
    <Base.Root handle={handle} modal={false}>
      {({ payload }) => (
        <Base.Portal>
          <Base.Positioner align="end" sideOffset={4} collisionPadding={8} className="z-40">
            <Base.Popup className={popup}>{payload !== undefined && children(payload)}</Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      )}
    </Base.Root>
  )
}

export interface RightClickMenuProps {
  readonly target: ReactElement
  readonly children: ReactNode
  /** Someone asks for the menu on this element inside the target; false keeps it closed. */
  readonly onAsk: (element: Element) => boolean
}

/** A menu that the right button, or the menu key, opens on what it is wrapped around. */
export function RightClickMenu({ target, children, onAsk }: RightClickMenuProps) {
  const [openings, setOpenings] = useState(0)
  return (
    <ContextMenu.Root
      onOpenChange={(isOpen, { event, cancel }) => {
        if (isOpen && event.target instanceof Element && !onAsk(event.target)) cancel()
        else if (isOpen) setOpenings((count) => count + 1)
      }}
    >
      <ContextMenu.Trigger render={target} />
      <ContextMenu.Portal>
        <ContextMenu.Positioner collisionPadding={8} className="z-40">
          <ContextMenu.Popup className={popup}>
            <Fragment key={openings}>{children}</Fragment>
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  )
}

export interface MenuItemProps {
  readonly children: ReactNode
  readonly onSelect: () => void
  /** The keys that do the same, as text. */
  readonly keys?: string
  readonly isDisabled?: boolean
  readonly isBad?: boolean
}

/** One thing to do, in either kind of menu. */
export function MenuItem({ children, onSelect, keys, isDisabled = false, isBad = false }: MenuItemProps) {
  return (
    <Base.Item className={cx(item, isBad && 'text-bad')} disabled={isDisabled} onClick={onSelect}>
      <span className="flex-1">{children}</span>
      {keys !== undefined && <kbd className="font-mono text-11 text-faint">{keys}</kbd>}
    </Base.Item>
  )
}

/** One choice among a few, in either kind of menu. */
export function MenuChoices<V extends string>({
  value,
  choices,
  onChange,
}: {
  value: V
  choices: readonly { value: V; label: ReactNode }[]
  onChange: (value: V) => void
}) {
  return (
    <Base.RadioGroup value={value} onValueChange={(next: V) => onChange(next)}>
      {choices.map((choice) => (
        <Base.RadioItem key={choice.value} value={choice.value} closeOnClick className={item}>
          <span className="flex-1">{choice.label}</span>
          <Base.RadioItemIndicator className="text-flow">
            <Check size={13} />
          </Base.RadioItemIndicator>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  )
}

/** Something that is on or off, in either kind of menu; the menu stays open for the next one. */
export function MenuCheck({
  isChecked,
  onChange,
  isDisabled = false,
  children,
}: {
  isChecked: boolean
  onChange: (isChecked: boolean) => void
  isDisabled?: boolean
  children: ReactNode
}) {
  return (
    <Base.CheckboxItem
      checked={isChecked}
      onCheckedChange={onChange}
      disabled={isDisabled}
      closeOnClick={false}
      className={cx(item, 'gap-2')}
    >
      <span className="inline-flex size-3.5 shrink-0 items-center justify-center text-flow">
        <Base.CheckboxItemIndicator>
          <Check size={13} />
        </Base.CheckboxItemIndicator>
      </span>
      <span className="flex flex-1 items-baseline gap-2">{children}</span>
    </Base.CheckboxItem>
  )
}

/** What the items below it are about. */
export function MenuHeading({ children }: { children: ReactNode }) {
  return <div className="px-2 pt-1 pb-0.5 text-11 text-mute">{children}</div>
}

/** A hairline between groups of items. */
export function MenuLine() {
  return <Base.Separator className="my-1 h-px bg-line" />
}

const popup =
  'min-w-44 rounded-control border border-line bg-raised p-1 text-13 shadow-float outline-none transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0'
const item =
  'flex h-7 items-center gap-4 rounded-tag px-2 outline-none select-none data-disabled:opacity-50 data-highlighted:bg-sel data-highlighted:outline-2 data-highlighted:-outline-offset-2 data-highlighted:outline-focus'
