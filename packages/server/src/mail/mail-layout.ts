import type { Mail } from './mail'

/** What a mail says, before it has a look. Every text is plain: it is escaped here. */
export interface MailContent {
  readonly to: string
  readonly subject: string
  readonly greetingName: string
  readonly paragraphs: readonly string[]
  /** Shown as a button, and written out for those who cannot click. */
  readonly link?: { readonly label: string; readonly url: string }
  /** Why the reader got this mail. */
  readonly footer: string
}

/** Makes text and HTML that say the same. */
export const layOutMail = ({ to, subject, greetingName, paragraphs, link, footer }: MailContent): Mail => {
  const lines = [
    `Hello ${greetingName},`,
    ...paragraphs,
    ...(link ? [`${link.label}:\n${link.url}`] : []),
    footer,
  ]
  return { to, subject, text: lines.join('\n\n'), html: '', ...(link ? { link: link.url } : {}) }
}
