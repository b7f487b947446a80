import { z } from 'zod'
import { idSchema, timestampSchema } from './primitive'

export const passkeySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    deviceType: z
      .enum(['singleDevice', 'multiDevice'])
      .describe('`multiDevice`: synchronised by its provider'),
    backedUp: z.boolean(),
    createdAt: timestampSchema,
    lastUsedAt: timestampSchema.nullable(),
  })
  .meta({ id: 'Passkey' })
export type Passkey = z.output<typeof passkeySchema>

const base64url = z
  .string()
  .min(1)
  .max(65_536)
  .regex(/^[A-Za-z0-9_-]+$/, 'Must be base64url')
  .meta({ example: 'AAAA' })

const credentialShape = {
  id: base64url,
  rawId: base64url,
  type: z.literal('public-key'),
  clientExtensionResults: z.looseObject({}).optional(),
  authenticatorAttachment: z.string().max(40).nullish(),
}

/** `PublicKeyCredentialCreationOptionsJSON` (WebAuthn Level 3, section 5.1.8): pass it to the browser as it is. */
export const passkeyCreationOptionsSchema = z
  .looseObject({ challenge: z.string() })
  .meta({ id: 'PasskeyCreationOptions' })

/** `PublicKeyCredentialRequestOptionsJSON` (WebAuthn Level 3, section 5.1.9): pass it to the browser as it is. */
export const passkeyRequestOptionsSchema = z
  .looseObject({ challenge: z.string() })
  .meta({ id: 'PasskeyRequestOptions' })

/** `RegistrationResponseJSON` (WebAuthn Level 3, section 5.1): what the browser made. */
export const passkeyRegistrationSchema = z.object({
  ...credentialShape,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string().max(40)).max(20).optional(),
  }),
})

/** `AuthenticationResponseJSON` (WebAuthn Level 3, section 5.1): what the browser signed. */
export const passkeyAssertionSchema = z.object({
  ...credentialShape,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish(),
  }),
})
