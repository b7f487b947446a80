import { z } from 'zod'
import { defineEndpoint } from '../endpoint'
import { accountExportSchema } from '../schemas/account-export'
import { loginEventSchema } from '../schemas/device'
import { pagingQuery } from '../schemas/paging'
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
  delete: defineEndpoint({
    method: 'DELETE',
    path: '/api/user/me',
    summary: 'Delete the account and all that is held on it',
    description:
      'Organizations of which the user is the only member go with it. Refused for the last owner of an organization that has other members; `meta.organizations` names them.',
    access: { kind: 'session', fresh: true },
    response: z.object({ deleted: z.literal(true) }),
    status: 200,
    message: 'Account deleted',
    errors: ['CONFLICT'],
  }),
  export: defineEndpoint({
    method: 'GET',
    path: '/api/user/me/export',
    summary: 'Export all that is held on the account',
    description:
      'For a session alone: it shows sessions, devices and keys, which `user:read` does not stand for.',
    access: { kind: 'session' },
    response: accountExportSchema,
    status: 200,
    message: 'Account exported',
    errors: [],
  }),
  loginHistory: defineEndpoint({
    method: 'GET',
    path: '/api/user/me/login-history',
    summary: 'List sign-ins and failed tries of the account',
    access: { kind: 'account', scopes: ['user:read'] },
    query: pagingQuery(),
    response: z.array(loginEventSchema),
    paged: true,
    status: 200,
    message: 'Login history fetched successfully',
    errors: [],
  }),
}
