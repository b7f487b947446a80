import { escapeHtml } from '../html/escape-html'
import type { Mail } from './mail'

/** What a mail says, before it has a look. Every text is plain: it is escaped here. */
export interface MailContent {
  readonly to: string
  readonly subject: string
  /** As the reader, or somebody who used their address, once gave it. */
  readonly name: string
  /** A paragraph may hold line breaks. */
  readonly paragraphs: readonly string[]
  /** Shown as a button, and written out for those who cannot click. */
  readonly link?: { readonly label: string; readonly url: string }
  /** Why the reader got this mail. */
  readonly footer: string
}

/** On one line, without control characters and without those that show nothing. */
const onOneLine = (text: string): string =>
  text
    .replace(/[\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()

const LONGEST_SHOWN = 60

/** Mail programs make links of addresses of all kinds (browsers know a second full stop) and of telephone numbers. */
const LINK_LIKE =
  /[:/@\\]|[.\u3002][^\s.\p{Nd}]|(?:\p{Nd}+[.\u3002]){3}\p{Nd}|www|\+\p{Nd}|(?:\p{Nd}[\s().-]*){9}/iu

const isLinkLike = (text: string): boolean => LINK_LIKE.test(text) || LINK_LIKE.test(text.normalize('NFKC'))

/**
 * A text that somebody else may have chosen, such as the name of a key: on one line, cut at 60 characters, and not shown
 * if a mail program could make a link of it. Give it a line of its own, behind a label.
 */
export const showForeignText = (text: string): string => {
  const shown = onOneLine(text)
  if (shown === '' || isLinkLike(shown)) return '(not shown, as it is not plain text)'
  const characters = [...shown]
  if (characters.length <= LONGEST_SHOWN) return shown
  return `${characters.slice(0, LONGEST_SHOWN - 1).join('')}…`
}

/**
 * Anybody can sign up with somebody else's address and a name of their choice, which must not carry a message or a
 * link: a name that is long, or that a mail program could show as a link, is left out.
 */
const greet = (name: string): string => {
  const shown = onOneLine(name)
  const isPlainName = shown !== '' && shown.length <= LONGEST_SHOWN && !isLinkLike(shown)
  return isPlainName ? `Hello ${shown},` : 'Hello,'
}

const renderText = (greeting: string, { paragraphs, link, footer }: MailContent): string =>
  [greeting, ...paragraphs, ...(link ? [`${link.label}:\n${link.url}`] : []), `-- \n${footer}\n`].join('\n\n')

const paragraph = (html: string): string => `<p style="margin:0 0 16px">${html}</p>`

const renderLink = ({ label, url }: NonNullable<MailContent['link']>): string => {
  const href = escapeHtml(url)
  return [
    paragraph(
      `<a href="${href}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#1a56db;color:#ffffff;text-decoration:none">${escapeHtml(label)}</a>`,
    ),
    paragraph(`Or open this address:<br><a href="${href}" style="word-break:break-all">${href}</a>`),
  ].join('\n')
}

const renderHtml = (
  greeting: string,
  { subject, paragraphs, link, footer }: MailContent,
): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(onOneLine(subject))}</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 sans-serif;color:#1f2937;background:#ffffff">
<div style="max-width:560px;margin:0 auto">
${[greeting, ...paragraphs].map(text => paragraph(escapeHtml(text).replaceAll('\n', '<br>'))).join('\n')}
${link ? renderLink(link) : ''}
<p style="margin:24px 0 0;font-size:13px;color:#6b7280">${escapeHtml(footer)}</p>
</div>
</body>
</html>
`

/** Makes text and HTML that say the same. */
export const layOutMail = (content: MailContent): Mail => {
  const greeting = greet(content.name)
  return {
    to: content.to,
    subject: onOneLine(content.subject),
    text: renderText(greeting, content),
    html: renderHtml(greeting, content),
    ...(content.link ? { link: content.link.url } : {}),
  }
}
