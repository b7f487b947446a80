import type { IncomingHttpHeaders } from 'node:http'
import { type Endpoint, keyFormatsOf } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { findApiAccess } from '../../domain/plans/find-api-access'
import type { Membership } from '../../domain/principals/enter'
import type { RateLimitVerdict } from '../../domain/rate-limits/decide-rate-limit'
import { readBearerToken } from '../../http/bearer-token'
import type { Allowance, Credential, Dialect, Rendered } from '../../http/dialect'
import { renderError, tellExceeded } from './errors'
import { toUnixSeconds } from './unix-seconds'

const MINUTE_MS = 60_000

/** The bearer token alone: a cookie or an `X-Api-Key` is not looked at, and any other header is none. */
const readCredential = ({ authorization }: IncomingHttpHeaders): Credential | undefined => {
  const key = readBearerToken(authorization)
  return key === undefined ? undefined : { kind: 'apiKey', key }
}

const renderSuccess = ({ status }: Endpoint, body: unknown): Rendered => ({ status, body })

const limitHeaders = ({ limit, remaining, resetAt }: RateLimitVerdict) => ({
  'X-RateLimit-Limit': String(limit),
  'X-RateLimit-Remaining': String(remaining),
  'X-RateLimit-Reset': String(toUnixSeconds(resetAt)),
})

/** By organization and not by key or user: the plan is its, so its members share what it allows, however many they are. */
const findAllowance = async (domain: DomainContext, { organizationId }: Membership): Promise<Allowance> => {
  const { plan, refusal } = await findApiAccess(domain, organizationId)
  const rule = { max: plan.requestsPerMinute, windowMs: MINUTE_MS, aligned: true } as const
  return { subject: `snaptrack ${organizationId}`, rule, refusal, tellExceeded }
}

/** The monitoring API: answers without an envelope, a plan that decides on every call, and calls counted in calendar minutes. */
export const snaptrackDialect: Dialect = {
  name: 'snaptrack',
  keyFormats: keyFormatsOf('snaptrack'),
  takesAccessTokens: false,
  countsBeforePath: true,
  codeInHeader: true,
  readCredential,
  renderSuccess,
  renderError,
  limitHeaders,
  findAllowance,
}
