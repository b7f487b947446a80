import { z } from 'zod'
import { SECOND_FACTORS } from '../vocabulary'
import { idSchema, timestampSchema } from './primitive'
import { userSchema } from './user'

/** A link's or challenge's secret, as it came from the server. */
export const linkTokenSchema = z.string().min(1, 'Required').max(200)
export const challengeTokenSchema = linkTokenSchema.describe(
  'From the sign-in that asked for a second factor',
)

export const openedSessionSchema = z.object({ id: idSchema, expiresAt: timestampSchema })

export const signedInSchema = z
  .object({ user: userSchema, session: openedSessionSchema })
  .meta({ id: 'SignedIn' })
export type SignedIn = z.output<typeof signedInSchema>

export const twoFactorChallengeSchema = z
  .object({
    twoFactorRequired: z.literal(true),
    methods: z
      .array(z.enum(SECOND_FACTORS))
      .describe('The second factors that this account can be asked for'),
    challengeToken: z.string(),
    expiresAt: timestampSchema,
  })
  .meta({ id: 'TwoFactorChallenge' })
export type TwoFactorChallenge = z.output<typeof twoFactorChallengeSchema>

/** A session, or what is still to be proved before there is one. Tell them apart by `'challengeToken' in result`. */
export const signInResultSchema = z.union([signedInSchema, twoFactorChallengeSchema])
export type SignInResult = z.output<typeof signInResultSchema>

/** Six digits, with or without a blank between them. */
export const oneTimeCodeSchema = z
  .string()
  .max(20)
  .transform(code => code.replace(/\s/g, ''))
  .pipe(z.string().regex(/^\d{6}$/, 'Must be 6 digits'))
  .meta({ example: '123456' })

export const backupCodeSchema = z.string().trim().min(1, 'Required').max(40).meta({ example: 'k7m2q-9xw4t' })
