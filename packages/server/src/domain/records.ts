/** Stored rows as the edge may see them, to show them in its own shape. */
export type { UserProfileRow } from '../storage/hot-queries'
export type { ApiKeyRow } from '../storage/stores/api-key-store'
export type { MemberOrganizationRow, MemberRow } from '../storage/stores/organization-store'
export type { PageResult } from '../storage/stores/page'
export type { ProjectWithCreatorRow } from '../storage/stores/project-store'
export type { SessionRow } from '../storage/stores/session-store'
