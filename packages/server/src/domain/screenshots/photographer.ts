export interface ScreenshotRequest {
  /** http or https. */
  readonly url: string
  /** In CSS pixels, of which each is one of the image. */
  readonly viewportWidth: number
  readonly viewportHeight: number
  /** All of the page instead of what the viewport shows, down to 8,000 pixels. */
  readonly fullPage: boolean
}

/** Takes screenshots, one after the other. */
export interface Photographer {
  /**
   * @returns the bytes of a PNG
   * @throws CaptureError; its fault `crash` is worth another attempt
   */
  takeScreenshot(request: ScreenshotRequest): Promise<Buffer>
  /** Ends what is under way (it throws a CaptureError `crash`), the browser and the proxy. */
  close(): Promise<void>
}
