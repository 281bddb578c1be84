import { z } from 'zod'

// A schema decides when it is built, so this is imported before any: zod would probe `new Function`, which the page's policy refuses and reports.
z.config({ jitless: true })
