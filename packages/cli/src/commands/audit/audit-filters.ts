import type { AuditAction, AuditResource } from '@snoop/sdk'
import { usageError } from '../../cli-error'
import type { CommandContext } from '../../context'
import { parseDuration } from '../../duration'
import type { OpenClient } from '../../http/open-client'
import { withOrganization } from '../../http/with-organization'
import { findMember, isAddress } from '../members/find-member'
import { withHints } from '../with-hints'

/** The flags that choose entries, as they were typed. */
export interface AuditFilterFlags {
  readonly action: string | undefined
  readonly resourceType: string | undefined
  readonly resourceId: string | undefined
  readonly user: string | undefined
  readonly outcome: 'success' | 'refused' | undefined
  readonly since: string | undefined
  readonly until: string | undefined
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?$/

/** A time without a zone is one of this machine, as a person means it; a day is one in UTC, as the server reads it. */
const readMoment = (text: string, flag: string, nowMs: number): string => {
  if (/^\d+[smhdwy]$/.test(text)) return new Date(nowMs - parseDuration(text, flag) * 1000).toISOString()
  if (DAY.test(text) && !Number.isNaN(Date.parse(text))) return text
  if (TIME.test(text) && !Number.isNaN(Date.parse(text))) return new Date(text).toISOString()
  throw usageError(
    `${flag} takes a day (2026-04-01), a time (2026-04-01T10:00Z) or how long ago (30m, 24h, 7d).`,
  )
}

/**
 * The API's filters from the flags that were given.
 * @throws CliError (exit 2) if a time makes no sense
 */
export const auditFilters = (flags: AuditFilterFlags, nowMs: number) => {
  const { action, resourceType, resourceId, user, outcome, since, until } = flags
  return {
    // The server knows which there are, and may know more than this program.
    ...(action !== undefined && { action: action as AuditAction }),
    ...(resourceType !== undefined && { resourceType: resourceType as AuditResource }),
    ...(resourceId !== undefined && { resourceId }),
    ...(user !== undefined && { userId: user }),
    ...(outcome !== undefined && { outcome }),
    ...(since !== undefined && { startDate: readMoment(since, '--since', nowMs) }),
    ...(until !== undefined && { endDate: readMoment(until, '--until', nowMs) }),
  }
}

type AuditFilters = ReturnType<typeof auditFilters>

/** Whoever has left the organization is no member, and still in its log. */
const HINTS = {
  'member.unknown':
    'See:  snoop members list\nOf somebody who left, give the userId:  snoop audit list --all --json',
}

/**
 * Does `work` in the organization in use with the filters, of which `--user` may be the e-mail address of a member.
 * @throws CliError (exit 3) if nobody there has this address
 */
export const withAuditFilters = <T>(
  context: CommandContext,
  filters: AuditFilters,
  work: (open: OpenClient, query: AuditFilters & { readonly organizationId: string }) => Promise<T>,
): Promise<T> =>
  withHints(HINTS, () =>
    withOrganization(context, ['user:read'], async (open, organizationId) => {
      const { userId } = filters
      if (userId === undefined || !isAddress(userId)) return work(open, { organizationId, ...filters })
      const member = await findMember(open, organizationId, userId)
      return work(open, { organizationId, ...filters, userId: member.userId })
    }),
  )
