import { viewStore } from '../state/view-store.ts'

/** Keeps the page in the chosen theme, and in the system's where that is the choice. */
export function followTheme(): void {
  const system = window.matchMedia('(prefers-color-scheme: light)')
  const apply = () => {
    const { theme } = viewStore.getState()
    document.documentElement.dataset['theme'] = theme === 'system' ? (system.matches ? 'light' : 'dark') : theme
  }
  apply()
  system.addEventListener('change', apply)
  viewStore.subscribe(apply)
}
