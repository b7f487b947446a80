import { type Command, type CommandGroup, group } from '../define-command'
import { signInCommands } from './sign-in'
import { toolCommands } from './tools'

/** Every command, in the order in which help lists them. */
export const COMMAND_TREE: readonly (Command | CommandGroup)[] = [
  ...signInCommands,
  group('account', 'Show, change, export and delete your account', () => import('./account')),
  group('email', 'Verify and change the address of your account', () => import('./email')),
  group('password', 'Change your password, or set a forgotten one anew', () => import('./password')),
  group('2fa', 'Protect sign-ins by a second factor', () => import('./two-factor')),
  group('passkeys', 'List, rename and remove passkeys', () => import('./passkeys')),
  group('sessions', 'List and end the sessions of your account', () => import('./sessions')),
  group('devices', 'List and forget the devices of your account', () => import('./devices')),
  group('keys', 'Make, list, rotate and revoke personal access tokens', () => import('./keys')),
  group('orgs', 'Create, change and leave organizations, and choose one', () => import('./orgs')),
  group('members', 'List and remove members of an organization, change roles', () => import('./members')),
  group('invites', 'Invite people to an organization, and accept an invitation', () => import('./invites')),
  group('projects', 'Work with the projects of an organization', () => import('./projects')),
  group('audit', 'Read, export and verify the audit log of an organization', () => import('./audit')),
  group('billing', 'See and change the plan of an organization', () => import('./billing')),
  ...toolCommands,
]
