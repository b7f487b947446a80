/** Where a warning goes: a log. */
interface WarningLog {
  warn(fields: { readonly event: string }, message: string): void
}

/** Whether Chromium can be started with its sandbox: as root it does not start with it. */
export const hasSandbox = (): boolean => process.getuid?.() !== 0

/** Call once, at the start of a server that takes screenshots. */
export const warnWithoutSandbox = (log: WarningLog, isSandboxed: boolean = hasSandbox()): void => {
  if (isSandboxed) return
  log.warn(
    { event: 'screenshots.no_sandbox' },
    'Chromium opens the pages of others without its sandbox, as this server runs as root: run it as a user of its own',
  )
}
