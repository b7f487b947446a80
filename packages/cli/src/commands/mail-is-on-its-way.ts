import { CliError } from '../cli-error'
import { EXIT } from '../exit-codes'

/**
 * The end of a command that sent a mail and has nobody to ask for what is in it: exit 8.
 * @param email where it went
 * @param next what to do once it has come
 */
export const mailIsOnItsWay = (email: string, next: string): CliError =>
  new CliError(`If ${email} belongs to an account, a mail is on its way.`, {
    code: 'mail.sent',
    exit: EXIT.ACTION_NEEDED,
    hint: next,
  })
