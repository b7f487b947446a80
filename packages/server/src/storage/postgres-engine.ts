import type { StorageEngine } from './engine'
export async function openPostgresEngine(_: { url: string; maxConnections: number }): Promise<StorageEngine> {
  throw new Error('coming')
}
