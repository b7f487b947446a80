import type { User } from '@snoop/sdk'
import type { Field } from '../../output/output'
import { relativeTime } from '../../output/relative-time'

const yesOrNo = (value: boolean): string => (value ? 'yes' : 'no')

/** How an account is shown. */
export const accountFields = (nowMs: number): Field<User>[] => {
  const time = (label: string, value: (user: User) => string | null): Field<User> => ({
    label,
    value: user => value(user) ?? '',
    human: user => relativeTime(value(user), nowMs),
  })
  return [
    { label: 'id', value: user => user.id },
    { label: 'name', value: user => user.fullName },
    { label: 'handle', value: user => user.handle },
    { label: 'email', value: user => user.email },
    { label: 'verified', value: user => yesOrNo(user.isVerified) },
    { label: 'second factor', value: user => yesOrNo(user.twoFactorEnabled) },
    { label: 'marketing mail', value: user => (user.emailPreferences.marketingOptOut ? 'off' : 'on') },
    { label: 'organizations', value: user => String(user.organizationCount) },
    time('last sign-in', user => user.lastLoginAt),
    time('created', user => user.createdAt),
  ]
}
