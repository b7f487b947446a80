import {
  AliasNode,
  AndNode,
  BinaryOperationNode,
  ColumnNode,
  type OperationNode,
  OperatorNode,
  ParensNode,
  RawNode,
  ReferenceNode,
  SelectQueryNode,
  TableNode,
} from 'kysely'

/** Tables whose rows belong to an organization, each with the columns that may stand for it besides `organization_id`. */
const TENANT_TABLES: Readonly<Record<string, readonly string[]>> = {
  // A user's own memberships, over all organizations.
  memberships: ['user_id'],
  projects: [],
  // Who holds the token or the id of a checkout is let in by it, and learns the organization from the row.
  invitations: ['token_hash'],
  checkouts: ['id'],
  audit_events: [],
  audit_chains: [],
  subscriptions: [],
  credit_entries: [],
  billing_settings: [],
  number_sequences: [],
  // Whoever opens a short link knows nothing but its alias.
  links: ['alias'],
  qr_codes: [],
  websites: [],
  screenshots: [],
  resources: [],
  resource_rows: [],
  resource_values: [],
}

/** Rows that end, or are due, by the clock alone, whosever they are. */
const SWEPT_TABLES: ReadonlySet<string> = new Set(['checkouts', 'audit_chains', 'screenshots'])

/** A column of a table, under the name that the table has in the statement. */
type Place = `${string}.${string}`

interface Findings {
  /** Name in the statement → table. */
  readonly tables: Map<string, string>
  /** Columns that equal a value of the statement. */
  readonly bound: Set<Place>
  /** Columns that equal one another. */
  readonly equal: [Place, Place][]
}

const isNode = (value: unknown): value is OperationNode =>
  typeof value === 'object' && value !== null && 'kind' in value

const childrenOf = (node: OperationNode): OperationNode[] => Object.values(node).flat().filter(isNode)

const tableName = (node: OperationNode): string | undefined =>
  TableNode.is(node) ? node.table.identifier.name : undefined

/** The tables that this query itself reads or writes, without those of queries inside it. */
const namedTables = (query: OperationNode): [name: string, table: string][] =>
  childrenOf(query).flatMap(child => {
    if (AliasNode.is(child)) {
      const table = tableName(child.node)
      const { alias } = child
      return table !== undefined && 'name' in alias ? [[String(alias.name), table] as [string, string]] : []
    }
    const table = tableName(child)
    if (table !== undefined) return [[table, table] as [string, string]]
    return child.kind === 'FromNode' || child.kind === 'JoinNode' ? namedTables(child) : []
  })

const placeOf = (node: OperationNode, onlyTable: string | undefined): Place | undefined => {
  if (!ReferenceNode.is(node) || !ColumnNode.is(node.column)) return undefined
  const table = node.table?.table.identifier.name ?? onlyTable
  return table === undefined ? undefined : `${table}.${node.column.column.name}`
}

const selectedPlace = (query: SelectQueryNode): Place | undefined => {
  const [selection] = query.selections ?? []
  const names = namedTables(query).map(([name]) => name)
  return selection && placeOf(selection.selection, names.length === 1 ? names[0] : undefined)
}

/** Conditions that all have to hold; what stands under an OR proves nothing. */
const noteConditions = (node: OperationNode, onlyTable: string | undefined, findings: Findings): void => {
  if (AndNode.is(node)) {
    noteConditions(node.left, onlyTable, findings)
    noteConditions(node.right, onlyTable, findings)
  } else if (ParensNode.is(node)) noteConditions(node.node, onlyTable, findings)
  else if (BinaryOperationNode.is(node)) noteComparison(node, onlyTable, findings)
}

const noteComparison = (
  { leftOperand, operator, rightOperand }: BinaryOperationNode,
  onlyTable: string | undefined,
  { bound, equal }: Findings,
): void => {
  const left = placeOf(leftOperand, onlyTable)
  const word = OperatorNode.is(operator) ? operator.operator : undefined
  if (!left || (word !== '=' && word !== 'in')) return
  const right = SelectQueryNode.is(rightOperand)
    ? selectedPlace(rightOperand)
    : placeOf(rightOperand, onlyTable)
  if (right) equal.push([left, right])
  else if (!SelectQueryNode.is(rightOperand)) bound.add(left)
}

const QUERIES: ReadonlySet<string> = new Set(['SelectQueryNode', 'UpdateQueryNode', 'DeleteQueryNode'])
const CONDITIONS: ReadonlySet<string> = new Set(['WhereNode', 'OnNode'])

/** @param onlyTable the table that columns without a table belong to */
const examine = (node: OperationNode, onlyTable: string | undefined, findings: Findings): void => {
  let ownTable = onlyTable
  if (QUERIES.has(node.kind)) {
    const named = namedTables(node)
    for (const [name, table] of named) findings.tables.set(name, table)
    ownTable = named.length === 1 ? named[0]?.[0] : undefined
  }
  if (CONDITIONS.has(node.kind)) {
    for (const child of childrenOf(node)) noteConditions(child, ownTable, findings)
  }
  for (const child of childrenOf(node)) examine(child, ownTable, findings)
}

/** What equals a column that equals a value equals that value too. */
const spreadBounds = ({ bound, equal }: Findings): void => {
  for (let grew = true; grew; ) {
    const before = bound.size
    for (const [left, right] of equal) {
      if (bound.has(left)) bound.add(right)
      if (bound.has(right)) bound.add(left)
    }
    grew = bound.size > before
  }
}

/** Of a user's own memberships the organizations are as good as named. */
const ownOrganizations = ({ tables, bound }: Findings): void => {
  for (const [name, table] of tables) {
    for (const column of TENANT_TABLES[table] ?? []) {
      if (bound.has(`${name}.${column}`)) bound.add(`${name}.organization_id`)
    }
  }
}

const insertProblem = (node: OperationNode): string | undefined => {
  const { into, columns } = node as OperationNode & {
    into?: OperationNode
    columns?: readonly ColumnNode[]
  }
  const table = into && tableName(into)
  if (table === undefined || !(table in TENANT_TABLES)) return undefined
  return columns?.some(({ column }) => column.name === 'organization_id') ? undefined : table
}

/** Of SQL that is written out only the tables can be told, so it may touch none of a tenant. */
const rawProblem = (node: OperationNode): string | undefined => {
  const table = tableName(node)
  if (table !== undefined && table in TENANT_TABLES && !SWEPT_TABLES.has(table)) return table
  for (const child of childrenOf(node)) {
    const found = rawProblem(child)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * The table of a statement that could reach rows of more than one organization, because no condition binds it to one;
 * undefined for a statement that is bound.
 * @param node as Kysely has it before it becomes SQL
 */
export const findUnboundTable = (node: OperationNode): string | undefined => {
  if (RawNode.is(node)) return rawProblem(node)
  if (node.kind === 'InsertQueryNode') return insertProblem(node)
  if (!QUERIES.has(node.kind)) return undefined
  const findings: Findings = { tables: new Map(), bound: new Set(), equal: [] }
  examine(node, undefined, findings)
  spreadBounds(findings)
  ownOrganizations(findings)
  spreadBounds(findings)
  for (const [name, table] of findings.tables) {
    if (table in TENANT_TABLES && !findings.bound.has(`${name}.organization_id`)) return table
  }
  return undefined
}
