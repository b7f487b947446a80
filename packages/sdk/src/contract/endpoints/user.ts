import { z } from 'zod'
import { defineEndpoint } from '../endpoint'
import { nameSchema } from '../schemas/primitive'
import { handleSchema, userSchema } from '../schemas/user'

export const userEndpoints = {
  me: defineEndpoint({
    method: 'GET',
    path: '/api/user/me',
    summary: 'Get the account',
    access: { kind: 'account', scopes: ['user:read'] },
    response: userSchema,
    status: 200,
    message: 'User fetched successfully',
    errors: [],
  }),
  update: defineEndpoint({
    method: 'PUT',
    path: '/api/user/me',
    summary: 'Change the name, handle or mail preferences of the account',
    access: { kind: 'account', scopes: ['user:write'] },
    body: z.object({
      fullName: nameSchema.optional(),
      handle: handleSchema.optional(),
      emailPreferences: z.object({ marketingOptOut: z.boolean() }).optional(),
    }),
    response: userSchema,
    status: 200,
    message: 'User updated successfully',
    errors: ['CONFLICT'],
  }),
}
