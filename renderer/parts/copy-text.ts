import { showToast } from './toast.tsx'

/** Puts text on the clipboard, and says so where the clipboard refuses it. */
export function copyText(text: string, onCopied?: () => void): void {
  navigator.clipboard.writeText(text).then(
    () => onCopied?.(),
    () => showToast({ title: 'The clipboard refused the text', tone: 'bad' }),
  )
}
