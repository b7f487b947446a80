import { createHash } from 'node:crypto'
import type { RenderedPage } from '../http/dialect'
import { Html, html } from './html'
import { PAGE_STYLE } from './page-style'

/** What a page shows. */
export interface PageContent {
  readonly status: number
  readonly title: string
  readonly body: Html
  /** Runs after the body was read; the page may then ask this server, and says so where scripts are off. */
  readonly script?: string
  /** Has a form that the browser sends by itself, to this server, which may then lead it anywhere on the web. */
  readonly sendsForm?: boolean
}

/** A source of `Content-Security-Policy` for a style or script with exactly this text (CSP 3, 6.7.3.3). */
export const hashSource = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const contentSecurityPolicy = (script: string | undefined, sendsForm: boolean): string =>
  [
    "default-src 'none'",
    `style-src ${hashSource(PAGE_STYLE)}`,
    ...(script === undefined ? [] : [`script-src ${hashSource(script)}`, "connect-src 'self'"]),
    // Other forms are sent by script alone: without it a password would go into an address. Where a form leads in the end
    // is held to this too.
    sendsForm ? 'form-action http: https:' : "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')

const NOTHING = new Html('')

const NO_SCRIPT = html`<noscript>
<h1>This page needs JavaScript</h1>
<p>Allow it for this site in your browser's settings, then load the page again.</p>
</noscript>`

/** Lays a page out. @param host says whose page it is */
export const renderPage = (
  host: string,
  { status, title, body, script, sendsForm = false }: PageContent,
): RenderedPage => ({
  status,
  html: html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} - ${host}</title>
<style>${new Html(PAGE_STYLE)}</style>
</head>
<body>
<main>
<p class="host">${host}</p>
${script === undefined ? NOTHING : NO_SCRIPT}
${body}
</main>
${script === undefined ? NOTHING : html`<script>${new Html(script)}</script>`}
</body>
</html>
`.markup,
  headers: {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': contentSecurityPolicy(script, sendsForm),
    // Without a referrer a browser would not say of which origin a form is.
    'Referrer-Policy': sendsForm ? 'same-origin' : 'no-referrer',
    'X-Frame-Options': 'DENY',
  },
})
