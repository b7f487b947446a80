import type { DatabaseLocation } from './config/config'

/** The location as `openEngine` takes it. May hold a password. */
export const databaseAddress = (database: DatabaseLocation): string =>
  database.engine === 'sqlite' ? `sqlite:${database.file}` : database.url
