import type { TextStream } from './text-stream'

/** What decides about colour. */
export interface ColorSituation {
  readonly noColorFlag: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isTTY: boolean
}

/**
 * Whether to use colour: `--no-color`, then FORCE_COLOR, then NO_COLOR (no-color.org), then whether it is a terminal
 * that can. Decided here since chalk knows nothing of NO_COLOR.
 */
export const usesColor = ({ noColorFlag, env, isTTY }: ColorSituation): boolean => {
  if (noColorFlag) return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  if (env.NO_COLOR) return false
  return isTTY && env.TERM !== 'dumb'
}

/** Whether each of the two streams gets colour. */
export const streamColors = (
  { stdout, stderr }: { readonly stdout: TextStream; readonly stderr: TextStream },
  noColorFlag: boolean,
  env: Readonly<Record<string, string | undefined>>,
): { stdout: boolean; stderr: boolean } => ({
  stdout: usesColor({ noColorFlag, env, isTTY: stdout.isTTY === true }),
  stderr: usesColor({ noColorFlag, env, isTTY: stderr.isTTY === true }),
})

/** The few styles that we use. */
export interface Paint {
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
}

const same = (text: string): string => text
const plain: Paint = { bold: same, dim: same, red: same, green: same, yellow: same }

/** @returns styles that do nothing where colour is off; chalk is loaded only where it is on */
export const createPaint = async (colored: boolean): Promise<Paint> => {
  if (!colored) return plain
  const { Chalk } = await import('chalk')
  return new Chalk({ level: 1 })
}
