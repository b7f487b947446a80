import { command, declareCommand } from '../define-command'

export const listSpec = declareCommand({
  name: 'list',
  summary: 'List your organizations',
  examples: ['snoop orgs list'],
})

export const useSpec = declareCommand({
  name: 'use',
  summary: 'Choose the organization that commands work in by default',
  arguments: [{ name: '<org>', summary: 'Id or slug of an organization' }],
  examples: ['snoop orgs use acme'],
})

export const commands = [
  command(listSpec, () => import('../commands/orgs/list')),
  command(useSpec, () => import('../commands/orgs/use')),
]
