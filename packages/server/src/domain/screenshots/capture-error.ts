/**
 * Why there is no screenshot.
 * `refused`: the address may not be visited. `page`: the page is at fault. `crash`: the browser is, so another attempt may succeed.
 */
export type CaptureFault = 'refused' | 'page' | 'crash'

/** Its message is for who asked for the screenshot. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError'
  constructor(
    readonly fault: CaptureFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
