const MINUTE_MS = 60_000

/** A window that requests of one kind share. */
interface GroupFacts {
  /**
   * What is counted together, besides the client's address (native contract, section 3): nothing more, the path, the
   * group, the e-mail address in the body; `user`: the caller instead of the address.
   */
  readonly countedBy: 'address' | 'path' | 'group' | 'mailAddress' | 'user'
  /** Counts in this one too. */
  readonly within?: string
  /** Requests in a window, unless the server's configuration says otherwise. */
  readonly max: number
  readonly windowMs: number
}

const GROUPS = {
  global: { countedBy: 'address', max: 500, windowMs: 15 * MINUTE_MS },
  signIn: { countedBy: 'path', max: 5, windowMs: MINUTE_MS },
  signUp: { countedBy: 'path', max: 3, windowMs: MINUTE_MS },
  twoFactor: { countedBy: 'group', max: 5, windowMs: MINUTE_MS },
  passkey: { countedBy: 'group', max: 10, windowMs: MINUTE_MS },
  magicLink: { countedBy: 'group', max: 5, windowMs: 60 * MINUTE_MS },
  verificationMail: { countedBy: 'mailAddress', max: 5, windowMs: 60 * MINUTE_MS },
  passwordReset: { countedBy: 'mailAddress', max: 5, windowMs: 60 * MINUTE_MS },
  snipy: { countedBy: 'user', max: 60, windowMs: MINUTE_MS },
  snipyToken: { countedBy: 'path', max: 5, windowMs: MINUTE_MS },
  snipyUrlCreate: { countedBy: 'user', within: 'snipy', max: 20, windowMs: MINUTE_MS },
  snipyQrDownload: { countedBy: 'user', within: 'snipy', max: 20, windowMs: MINUTE_MS },
  snaapiToken: { countedBy: 'path', max: 5, windowMs: MINUTE_MS },
} as const satisfies Record<string, GroupFacts>

export type RateLimitGroup = keyof typeof GROUPS

/** The named windows. Source: the native contract, section 3, and those of the surfaces. */
export const RATE_LIMITS: Readonly<
  Record<RateLimitGroup, GroupFacts & { readonly within?: RateLimitGroup }>
> = GROUPS
export const RATE_LIMIT_GROUPS = Object.keys(GROUPS) as RateLimitGroup[]
