/** Keys that do something together, and what. */
export interface ShortcutGroup {
  readonly title: string
  /** Each way to write the keys, then what they do. */
  readonly shortcuts: readonly (readonly [keys: readonly string[], does: string])[]
}

/** Every key that the window listens to, by where it is pressed. */
export const shortcutGroups: readonly ShortcutGroup[] = [
  {
    title: 'Anywhere',
    shortcuts: [
      [['?'], 'This list'],
      [['Ctrl+N'], 'Send a request'],
      [['Ctrl+K'], 'Commands'],
      [['Ctrl+F'], 'Search in the stream; F3 and Shift+F3 for the next match and the one before'],
      [['Ctrl+Shift+Del'], 'Clear the exchanges that have ended'],
      [['F6', 'Shift+F6'], 'To the next part of the window, and back'],
      [['Ctrl++', 'Ctrl+-', 'Ctrl+0'], 'Larger, smaller and usual text'],
      [['Esc'], 'Close what was opened last'],
    ],
  },
  {
    title: 'Lists of exchanges and events',
    shortcuts: [
      [['j', '↓'], 'The next one'],
      [['k', '↑'], 'The one before'],
      [['PgDn', 'PgUp'], 'A page on, a page back'],
      [['Home', 'End'], 'The first, the last; the newest is then followed'],
      [['Enter'], 'Into its detail'],
      [['Esc'], 'Close the detail, back to the list'],
      [['p'], 'Pin the exchange, or unpin it'],
    ],
  },
  {
    title: 'JSON of an event',
    shortcuts: [
      [['→', '←'], 'Unfold, fold; then into it, and out to what holds it'],
      [['*'], 'Unfold everything'],
      [['Ctrl+C'], 'Copy the value'],
    ],
  },
  {
    title: 'Head of a list',
    shortcuts: [
      [['←', '→'], 'Move the edge of the column'],
      [['↑', '↓'], 'To the edge of another column'],
      [['Enter'], 'The column’s own width'],
    ],
  },
  {
    title: 'Strip',
    shortcuts: [
      [['←', '→'], 'Earlier, later'],
      [['+', '-'], 'Closer, wider'],
      [['End'], 'Back to now'],
    ],
  },
  {
    title: 'Routes',
    shortcuts: [
      [['↑', '↓'], 'The route above, below'],
      [['Alt+↑', 'Alt+↓'], 'Move the route'],
      [['F2'], 'Edit'],
      [['Del'], 'Delete'],
      [['Ctrl+S'], 'Save, in the form'],
    ],
  },
]
