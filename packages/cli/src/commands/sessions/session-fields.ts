import type { Session } from '@snoop/sdk'
import type { Field } from '../../output/output'
import { relativeTime } from '../../output/relative-time'

/** How sessions are listed. */
export const sessionFields = (nowMs: number): Field<Session>[] => {
  const time = (label: string, value: (session: Session) => string): Field<Session> => ({
    label,
    value,
    human: session => relativeTime(value(session), nowMs),
  })
  return [
    {
      label: 'DEVICE',
      value: session => session.device,
      human: session => `${session.device}${session.current ? ' (this one)' : ''}`,
    },
    { label: 'ADDRESS', value: session => session.ipAddress },
    time('LAST USE', session => session.lastSeenAt),
    time('BEGAN', session => session.createdAt),
    time('EXPIRES', session => session.expiresAt),
    { label: 'ID', value: session => session.id, isId: true },
  ]
}
