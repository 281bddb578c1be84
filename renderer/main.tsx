import './styles.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import { App } from './app.tsx'
import { startFeed } from './state/feed.ts'
import { followTheme } from './shell/theme.ts'

// zod otherwise probes `new Function`, which the page's policy refuses and reports.
z.config({ jitless: true })
followTheme()
startFeed()

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
