import { pino } from 'pino'
import type { LogLevel } from '../config/config'

/** What a log line says besides its message. Fields with the name of a secret are censored. */
export type LogFields = Readonly<Record<string, unknown>>

/** Writes JSON lines. An error belongs in the field `err`. */
export interface Logger {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
  fatal(fields: LogFields, message: string): void
  /** A logger that adds `fields` to each of its lines. */
  child(fields: LogFields): Logger
}

/** Where lines go: one call, one line with its line break. */
export interface LogStream {
  write(line: string): void
}

/** @param stream stdout unless given */
export const createLogger = ({ level, stream }: { level: LogLevel; stream?: LogStream }): Logger =>
  stream === undefined ? pino({ level }) : pino({ level }, stream)
