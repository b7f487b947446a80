/** What is asked of the keychain process: one JSON object a line on its stdin. */
export type BrokerRequest =
  | { readonly method: 'getPassword' | 'deletePassword'; readonly service: string; readonly account: string }
  | {
      readonly method: 'setPassword'
      readonly service: string
      readonly account: string
      readonly password: string
    }

/** What it answers: one JSON object a line on its stdout, in the order of the requests. */
export type BrokerAnswer =
  | { readonly ok: true; readonly value: string | boolean | null }
  | { readonly ok: false; readonly error: string }
