import { CliError } from '../cli-error'

/**
 * Does `work`, and adds to a failure what to do about it where the command knows better than the server.
 * @param hints by the code of the failure
 */
export const withHints = async <T>(
  hints: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    const hint = error instanceof CliError ? hints[error.details.code] : undefined
    if (!(error instanceof CliError) || hint === undefined) throw error
    throw new CliError(error.message, { ...error.details, hint })
  }
}

/** Where only the last owner of an organization can be in conflict. */
export const LAST_OWNER_HINT = 'Hand it over first:  snoop orgs transfer <org> --to <member>'
