import type { AccountExport } from '@snoop/sdk/contract'
import type { AccountRecords } from '../../domain/accounts/export-account'
import { toTimestamp, toTimestampOrNull } from '../../http/timestamp'
import { presentSession, presentUser } from './present-account'
import { presentApiKey } from './present-api-key'
import { presentDevice, presentLoginEvent } from './present-device'
import { presentPasskey } from './present-passkey'

const presentTwoFactor = ({ twoFactor, backupCodesLeft }: AccountRecords): AccountExport['twoFactor'] =>
  twoFactor?.confirmed_at
    ? {
        method: twoFactor.method === 'totp' ? 'totp' : 'email',
        enabledAt: toTimestamp(twoFactor.confirmed_at),
        backupCodesLeft,
      }
    : null

/** @param credentialId of the session that asks, if it is one */
export const presentAccountExport = (records: AccountRecords, credentialId: string): AccountExport => ({
  exportedAt: toTimestamp(records.exportedAt),
  user: presentUser(records.profile),
  hasPassword: records.hasPassword,
  twoFactor: presentTwoFactor(records),
  passkeys: records.passkeys.map(presentPasskey),
  socialAccounts: records.socialAccounts.map(({ provider, subject, email, created_at }) => ({
    provider,
    subject,
    email,
    linkedAt: toTimestamp(created_at),
  })),
  sessions: records.sessions.map(row => presentSession(row, credentialId)),
  accessTokenSignIns: records.tokenFamilies.map(
    ({ id, ip_address, user_agent, created_at, expires_at, ended_at }) => ({
      id,
      ipAddress: ip_address,
      userAgent: user_agent,
      createdAt: toTimestamp(created_at),
      expiresAt: toTimestamp(expires_at),
      endedAt: toTimestampOrNull(ended_at),
    }),
  ),
  devices: records.devices.map(presentDevice),
  loginHistory: records.loginHistory.map(presentLoginEvent),
  links: records.links.map(({ purpose, email, created_at, expires_at, used_at }) => ({
    purpose,
    email,
    createdAt: toTimestamp(created_at),
    expiresAt: toTimestamp(expires_at),
    usedAt: toTimestampOrNull(used_at),
  })),
  challenges: records.challenges.map(({ kind, created_at, expires_at }) => ({
    kind,
    createdAt: toTimestamp(created_at),
    expiresAt: toTimestamp(expires_at),
  })),
  apiKeys: records.apiKeys.map(presentApiKey),
  memberships: records.memberships.map(({ organization_id, organization_name, role, created_at }) => ({
    organizationId: organization_id,
    organizationName: organization_name,
    role,
    joinedAt: toTimestamp(created_at),
  })),
  projectsCreated: records.projects.map(({ organization_id, id, name, created_at }) => ({
    organizationId: organization_id,
    id,
    name,
    createdAt: toTimestamp(created_at),
  })),
  invitationsSent: records.invitations.map(({ organization_id, id, email, role, created_at }) => ({
    organizationId: organization_id,
    id,
    email,
    role,
    createdAt: toTimestamp(created_at),
  })),
  repeatableRequests: records.claims.map(({ id, state, created_at }) => ({
    id,
    state,
    createdAt: toTimestamp(created_at),
  })),
})
