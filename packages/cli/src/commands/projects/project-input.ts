/** The flags that describe a project, as they were typed. */
export interface ProjectFlags {
  readonly slug: string | undefined
  readonly website: string | undefined
  readonly description: string | undefined
  readonly context: string | undefined
  readonly intent: string | undefined
  readonly frequency: string | undefined
  readonly timezone: string | undefined
  readonly status: 'draft' | 'active' | 'paused' | undefined
}

/** The API's fields from the flags that were given; an empty text clears a field that may be empty. */
export const projectInput = (flags: ProjectFlags) => {
  const { slug, website, description, context, intent, frequency, timezone, status } = flags
  return {
    ...(slug !== undefined && { slug }),
    ...(website !== undefined && { website: website || null }),
    ...(description !== undefined && { description: description || null }),
    ...(context !== undefined && { businessContext: context || null }),
    ...(intent !== undefined && { monitoringIntent: intent || null }),
    ...(frequency !== undefined && { frequency: frequency || null }),
    ...(timezone !== undefined && { timezone }),
    ...(status !== undefined && { status }),
  }
}
