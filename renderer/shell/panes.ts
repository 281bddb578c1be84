/** F6 and Shift+F6 move among the parts of the window, as in other desktop programs. */
export function moveAmongPanes(event: KeyboardEvent): void {
  if (event.key !== 'F6' || event.altKey || event.ctrlKey || event.metaKey) return
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')]
  if (panes.length === 0) return
  event.preventDefault()
  const here = panes.findIndex((pane) => pane.contains(document.activeElement))
  const next = panes[(here + (event.shiftKey ? -1 : 1) + panes.length) % panes.length]
  const first = next?.querySelector<HTMLElement>('[data-pane-start], [data-route-button], button:not(:disabled), input, [tabindex="0"]')
  ;(first ?? next)?.focus()
}
