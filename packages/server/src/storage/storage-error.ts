/** The database itself failed: it can't be opened, reached or written. The message says what to do about it. */
export class StorageError extends Error {
  override readonly name = 'StorageError'
}
