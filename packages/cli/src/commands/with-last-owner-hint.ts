import { CliError } from '../cli-error'

/** Does `work`, with which only the last owner of an organization can be in conflict, and adds what to type then. */
export const withLastOwnerHint = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof CliError) || error.details.code !== 'CONFLICT') throw error
    const hint = 'Hand it over first:  snoop orgs transfer <org> --to <member>'
    throw new CliError(error.message, { ...error.details, hint })
  }
}
