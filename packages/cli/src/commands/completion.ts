import type { completionSpec } from '../command-tree/tools'
import type { Run } from '../define-command'
import { EXIT } from '../exit-codes'
import { bashScript } from './completion/bash-script'
import { completionWords } from './completion/completion-words'
import { fishScript } from './completion/fish-script'
import { zshScript } from './completion/zsh-script'

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript }

export const run: Run<typeof completionSpec> = async ({ output }, { args: [shell] }) => {
  const write = Object.entries(scripts).find(([name]) => name === shell)?.[1] ?? bashScript
  await output.raw(write(await completionWords()))
  return EXIT.OK
}
