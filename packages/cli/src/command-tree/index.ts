import type { Command, CommandGroup } from '../define-command'
import { accountGroup } from './account'
import { devicesGroup } from './devices'
import { emailGroup } from './email'
import { keysGroup } from './keys'
import { orgsGroup } from './orgs'
import { passkeysGroup } from './passkeys'
import { passwordGroup } from './password'
import { projectsGroup } from './projects'
import { sessionsGroup } from './sessions'
import { signInCommands } from './sign-in'
import { toolCommands } from './tools'
import { twoFactorGroup } from './two-factor'

/** Every command, in the order in which help lists them. */
export const COMMAND_TREE: readonly (Command | CommandGroup)[] = [
  ...signInCommands,
  accountGroup,
  emailGroup,
  passwordGroup,
  twoFactorGroup,
  passkeysGroup,
  sessionsGroup,
  devicesGroup,
  keysGroup,
  orgsGroup,
  projectsGroup,
  ...toolCommands,
]
