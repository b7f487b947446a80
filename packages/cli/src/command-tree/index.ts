import type { Command, CommandGroup } from '../define-command'
import { accountCommands } from './account'
import { keysGroup } from './keys'
import { orgsGroup } from './orgs'
import { projectsGroup } from './projects'
import { toolCommands } from './tools'

/** Every command, in the order in which help lists them. */
export const COMMAND_TREE: readonly (Command | CommandGroup)[] = [
  ...accountCommands,
  keysGroup,
  orgsGroup,
  projectsGroup,
  ...toolCommands,
]
