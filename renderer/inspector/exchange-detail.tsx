import { Tabs } from '@base-ui/react/tabs'
import { useState, type ReactNode } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { selectExchange, setDetailTab, useView, type DetailTab } from '../state/view-store.ts'
import { formatCount } from '../text.ts'
import { AssembledTab } from './assembled-tab.tsx'
import { DetailHeader } from './detail-header.tsx'
import { rowNouns } from './event-columns.ts'
import { EventsTab } from './events-tab.tsx'
import { HeadersTab } from './headers-tab.tsx'
import { RawTab } from './raw-tab.tsx'
import { TimingTab } from './timing-tab.tsx'

/** One exchange: what was found out about it, its events, heads and bytes. */
export function ExchangeDetail({ exchange, onClosed }: { exchange: Exchange; onClosed: () => void }) {
  // Messages go two ways and are put together to nothing.
  const hasAssembled = exchange.rowKind !== 'message'
  const tab = useView((view) => (view.detailTab === 'assembled' && !hasAssembled ? 'events' : view.detailTab))
  const [controls, setControls] = useState<HTMLElement | null>(null)
  const close = () => {
    selectExchange(null)
    onClosed()
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Esc closes it wherever the focus is inside
    <section
      aria-label={`Detail of ${exchange.method} ${exchange.target}`}
      data-pane=""
      tabIndex={-1}
      className="flex h-full min-h-0 flex-col bg-panel outline-none"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) close()
      }}
    >
      <DetailHeader exchange={exchange} onClose={close} />
      <Tabs.Root value={tab} onValueChange={(value: DetailTab) => setDetailTab(value)} className="flex min-h-0 flex-1 flex-col">
        <div className="@container shrink-0 border-b border-line px-2">
          <div className="flex flex-wrap gap-x-2">
            <Tabs.List activateOnFocus className="flex h-[2.125rem] gap-0.5">
              <Tab value="events">
                {rowNouns[exchange.rowKind ?? 'event'].many} <span className="font-normal text-mute">{formatCount(exchange.events)}</span>
              </Tab>
              {hasAssembled && <Tab value="assembled">Assembled</Tab>}
              <Tab value="headers">Headers</Tab>
              <Tab value="raw">Raw</Tab>
              <Tab value="timing">Timing</Tab>
            </Tabs.List>
            <div ref={setControls} className="ml-auto flex h-[2.125rem] max-w-full items-center gap-1.5 empty:hidden" />
          </div>
        </div>
        <Tabs.Panel value="events" className="min-h-0 flex-1 outline-none">
          <EventsTab exchange={exchange} controls={controls} onClose={close} />
        </Tabs.Panel>
        {hasAssembled && (
          <Tabs.Panel value="assembled" className="min-h-0 flex-1 outline-none">
            <AssembledTab key={exchange.id} exchange={exchange} controls={controls} />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="headers" className="min-h-0 flex-1 outline-none">
          <HeadersTab exchange={exchange} />
        </Tabs.Panel>
        <Tabs.Panel value="raw" className="min-h-0 flex-1 outline-none">
          <RawTab exchange={exchange} controls={controls} />
        </Tabs.Panel>
        <Tabs.Panel value="timing" className="min-h-0 flex-1 outline-none">
          <TimingTab exchange={exchange} />
        </Tabs.Panel>
      </Tabs.Root>
    </section>
  )
}

function Tab({ value, children }: { value: DetailTab; children: ReactNode }) {
  return (
    <Tabs.Tab
      value={value}
      className="-mb-px border-b-2 border-transparent px-2.5 text-12 whitespace-nowrap text-mute transition-colors -outline-offset-2 hover:text-text data-active:border-flow data-active:font-semibold data-active:text-text"
      {...(value === 'events' ? { 'data-detail-start': '' } : {})}
    >
      {children}
    </Tabs.Tab>
  )
}
