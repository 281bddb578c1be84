import { Clock3 } from 'lucide-react'
import { IconButton } from '../parts/icon-button.tsx'
import { Menu, MenuChoices } from '../parts/menu.tsx'
import { setTimeFormat, useView, type TimeFormat } from '../state/view-store.ts'

/** The choice of how the times of events are written. */
export function TimeFormatMenu() {
  const format = useView((view) => view.timeFormat)
  return (
    <Menu
      align="end"
      trigger={
        <IconButton size="small" label="Format of times">
          <Clock3 size={13} />
        </IconButton>
      }
    >
      <MenuChoices<TimeFormat>
        value={format}
        choices={[
          { value: 'compact', label: choice('Time of day', '14:02:21.058') },
          { value: 'full', label: choice('Day and time', '2026-11-20 14:02:21.058') },
          { value: 'relative', label: choice('Since the request', '+1.235') },
        ]}
        onChange={setTimeFormat}
      />
    </Menu>
  )
}

function choice(name: string, sample: string) {
  return (
    <span className="flex items-baseline justify-between gap-4">
      {name}
      <span className="font-mono text-11 text-mute">{sample}</span>
    </span>
  )
}
