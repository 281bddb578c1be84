/** How the program ends: 2 is for what the user wrote, a command line or a config; 1 for what went wrong otherwise. */
export const exitCodes = { ok: 0, failed: 1, unclear: 2, invalidConfig: 2 } as const
