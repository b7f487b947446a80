import type { FakeState } from './fake-snoop'

export const TIME = '2026-01-01T00:00:00.000Z'

/** The account as the server shows it. */
export const userOf = ({ user, twoFactor }: FakeState) => ({
  id: user.id,
  email: user.email,
  fullName: user.fullName,
  handle: user.handle,
  isVerified: user.isVerified,
  verifiedAt: null,
  isActive: true,
  lastLoginAt: null,
  role: 'user',
  organizationCount: 1,
  emailPreferences: { marketingOptOut: user.marketingOptOut },
  twoFactorEnabled: twoFactor?.confirmed === true,
  createdAt: TIME,
  updatedAt: TIME,
})
