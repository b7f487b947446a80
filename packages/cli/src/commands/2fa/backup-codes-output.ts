import { rm } from 'node:fs/promises'
import type { CommandContext } from '../../context'
import { refuseExistingFile, writeSecretFile } from '../secret-file'

/** Where new backup codes go: into a file, or onto the screen. */
export interface BackupCodesPlace {
  /** Puts them away, if there is a file for them. To be called before the codes count. */
  keep(codes: readonly string[]): Promise<void>
  /** Takes the file away again: its codes never came to count. */
  discard(): Promise<void>
  /** Shows them, or names the file. */
  show(codes: readonly string[]): Promise<void>
  /** As JSON: the codes, or the file. */
  json(codes: readonly string[]): object
}

/**
 * @param file as --backup-codes-file gave it
 * @throws CliError (exit 6) if there is such a file
 */
export const openBackupCodesPlace = async (
  { output }: CommandContext,
  file: string | undefined,
): Promise<BackupCodesPlace> => {
  if (file === undefined) {
    return {
      keep: async () => undefined,
      discard: async () => undefined,
      async show(codes) {
        output.note(
          'Backup codes: each signs in once, when you have no other code. They are shown this once; keep them safe.',
        )
        await output.text(codes.map(code => (output.isHuman ? `  ${code}` : code)).join('\n'))
      },
      json: backupCodes => ({ backupCodes }),
    }
  }
  await refuseExistingFile(file)
  return {
    keep: codes => writeSecretFile(file, codes.join('\n')),
    discard: () => rm(file, { force: true }),
    async show() {
      output.note(`  The backup codes are in ${file}. Each signs in once, when you have no other code.`)
    },
    json: () => ({ backupCodesFile: file }),
  }
}
