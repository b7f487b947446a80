/** One mail to one address. `text` and `html` say the same. */
export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** The link that the reader is asked to open, if there is one. It may hold a token. */
  readonly link?: string
}
