import type { Config } from './config'
import { ConfigError } from './config-error'

export interface ConfigSources {
  /** The command line after the program's name. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Reads a UTF-8 text file, or throws. */
  readonly readFile: (path: string) => string
  /** Relative paths start here. */
  readonly cwd: string
}

/**
 * Reads the configuration: the command line wins over the environment, that over the file, that over the defaults.
 * @throws ConfigError naming every problem at once
 */
export const readConfig = ({ cwd }: ConfigSources): Config => {
  if (cwd === '') throw new ConfigError(['cwd: is missing'])
  throw new ConfigError(['being written'])
}
