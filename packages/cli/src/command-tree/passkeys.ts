import { command, declareCommand } from '../define-command'

const passkey = { name: '<passkey>', summary: 'Id or name of a passkey' } as const

export const listSpec = declareCommand({
  name: 'list',
  summary: 'List your passkeys',
  examples: ['snoop passkeys list'],
})

export const renameSpec = declareCommand({
  name: 'rename',
  summary: 'Give a passkey another name',
  arguments: [passkey, { name: '<name>', summary: 'The new name' }],
  examples: ["snoop passkeys rename Passkey 'Work laptop'"],
})

export const deleteSpec = declareCommand({
  name: 'delete',
  summary: 'Remove passkeys; they no longer sign in',
  arguments: [{ name: '<passkey...>', summary: 'Ids or names of passkeys' }],
  examples: ["snoop passkeys delete 'Work laptop'"],
})

export const commands = [
  command(listSpec, () => import('../commands/passkeys/list')),
  command(renameSpec, () => import('../commands/passkeys/rename')),
  command(deleteSpec, () => import('../commands/passkeys/delete')),
]
