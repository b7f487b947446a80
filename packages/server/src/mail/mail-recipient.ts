/** Whom a mail goes to, and from which server. */
export interface MailRecipient {
  /** The configured public origin; links are built from nothing else. */
  readonly origin: string
  readonly to: string
  readonly name: string
}

/** A recipient, and the one-time token of the link that the mail holds. */
export interface LinkRecipient extends MailRecipient {
  readonly token: string
  /** How long the link works. */
  readonly validForMs: number
}

/** The link that hands a token to an endpoint of this server: only `path` and the origin say where it leads. */
export const buildTokenLink = (path: string, { origin, token }: LinkRecipient): string => {
  const url = new URL(path, origin)
  url.searchParams.set('token', token)
  return url.href
}

const UNITS = [
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** A duration in the largest unit that leaves no rest, such as `24 hours` or `90 seconds`. */
export const describeDuration = (durationMs: number): string => {
  const [unit, unitMs] = UNITS.find(([, ms]) => durationMs % ms === 0) ?? UNITS[2]
  const count = Math.floor(durationMs / unitMs)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
