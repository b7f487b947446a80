import { CliError } from '../../cli-error'

/** Does `work`; where the server says that it does not go with what is there, adds which command does. */
export const withConflictHint = async <T>(hint: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof CliError) || error.details.code !== 'CONFLICT') throw error
    throw new CliError(error.message, { ...error.details, hint })
  }
}
