import type { Page } from 'playwright-core'

/** Waits until the heading is seen. */
export const heading = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('heading', { name }).waitFor()

export const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).click()

/** The name of the field that is written in; null if it is none. */
export const focused = (page: Page): Promise<unknown> =>
  page.evaluate('document.activeElement?.getAttribute("name")')
