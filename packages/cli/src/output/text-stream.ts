/** A stream that we write to. */
export interface TextStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string | Uint8Array, done?: (error?: Error | null) => void): boolean
}
