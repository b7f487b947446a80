import { defineEndpoint, type Endpoint } from '@snoop/sdk/contract'
import { z } from 'zod'

const PATH = '/s/:alias'
const params = z.object({ alias: z.string() })

const answerSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('redirect'), location: z.string() }),
  z.object({ outcome: z.literal('untold') }),
  z.object({ outcome: z.literal('password'), isWrong: z.boolean() }),
])
export type LinkAnswer = z.output<typeof answerSchema>

/** Where short links lead through. No part of the API; counted by no address, so that an office may open many. */
export const OPEN_LINK = defineEndpoint({
  method: 'GET',
  path: PATH,
  summary: 'Follow a short link',
  access: { kind: 'public' },
  rateLimit: 'exempt',
  params,
  response: answerSchema,
  status: 200,
  message: 'This link asks for a password',
  errors: ['NOT_FOUND', 'GONE'],
})

/** The same with the password that a short link asks for. */
export const UNLOCK_LINK = defineEndpoint({
  method: 'POST',
  path: PATH,
  summary: 'Follow a short link that asks for a password',
  access: { kind: 'public' },
  form: true,
  params,
  // What is no text is no password: the form is shown again.
  body: z.object({ password: z.string().catch('') }),
  response: answerSchema,
  status: 200,
  message: 'This link asks for a password',
  errors: ['NOT_FOUND', 'GONE'],
})

export const isLinkEndpoint = (endpoint: Endpoint): boolean =>
  endpoint === OPEN_LINK || endpoint === UNLOCK_LINK
