import type { CliError } from './cli-error'
import type { Surroundings } from './context'
import { errorJson, errorText, toCliError } from './error-message'
import { EXIT, type ExitCode } from './exit-codes'
import { createPaint, streamColors } from './output/color'
import { parseCommandLine } from './parse-command-line'
import { CLI_VERSION } from './version'

const isClosedPipe = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EPIPE'

/** Where it happened. A parser's own words are left out: they quote what it read, which may be a secret. */
const traceOf = ({ name, message, stack = '' }: Error): string =>
  name === 'SyntaxError' ? stack.replace(message, '…') : stack

const report = async (error: CliError, argv: readonly string[], around: Surroundings): Promise<ExitCode> => {
  const { stderr, env } = around
  if (argv.includes('--json')) {
    stderr.write(errorJson(error))
  } else {
    const colors = streamColors(around, argv.includes('--no-color'), env)
    stderr.write(errorText(error, await createPaint(colors.stderr)))
  }
  if (env.SNOOP_DEBUG && error.cause instanceof Error) stderr.write(`${traceOf(error.cause)}\n`)
  return error.details.exit
}

const execute = async (argv: readonly string[], around: Surroundings): Promise<ExitCode> => {
  const colored = streamColors(around, argv.includes('--no-color'), around.env).stdout
  const parsed = await parseCommandLine(argv, CLI_VERSION, { columns: around.stdout.columns, colored })
  if (parsed.kind === 'print') {
    around.stdout.write(parsed.text)
    return EXIT.OK
  }
  const { command, args, options, flags } = parsed.selection
  const { createContext } = await import('./context')
  const context = await createContext(around, flags)
  try {
    const run = await command.load()
    // The input has the shape that the spec promises: `command()` holds the handler to it.
    return await run(context, { args, options } as never)
  } finally {
    context.close()
  }
}

/**
 * Runs one command line.
 * @param argv what stands after `snoop`
 * @returns the exit code; it never rejects
 */
export const runCli = async (argv: readonly string[], around: Surroundings): Promise<ExitCode> => {
  try {
    return await execute(argv, around)
  } catch (error) {
    if (isClosedPipe(error)) return EXIT.OK
    return report(await toCliError(error, around), argv, around)
  }
}
