import { type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino'
import type { LogLevel } from '../config/config'
import { censorFields, censorText } from './censor'

/** What a log line says besides its message. Fields with the name of a secret are censored. */
export type LogFields = Readonly<Record<string, unknown>>

/** Writes JSON lines. An error belongs in the field `err`. */
export interface Logger {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
}

/** Where lines go: one call, one line with its line break. */
export interface LogStream {
  write(line: string): void
}

/** Below its level, a method of pino does nothing at all; so no field is looked at before. */
const wrap = (lines: PinoLogger): Logger => ({
  debug: (fields, message) => lines.debug(fields, message),
  info: (fields, message) => lines.info(fields, message),
  warn: (fields, message) => lines.warn(fields, message),
  error: (fields, message) => lines.error(fields, message),
})

/**
 * A logger of JSON lines with `level`, `time` (ISO-8601), `pid`, the fields and `msg`.
 * @param level the least level that is written
 * @param stream stdout unless given
 */
export const createLogger = ({ level, stream }: { level: LogLevel; stream?: LogStream }): Logger => {
  const options = {
    level,
    base: { pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: censorFields },
    serializers: { msg: censorText, err: (err: unknown) => err },
  }
  return wrap(stream === undefined ? pino(options) : pino(options, stream))
}
