import ts from 'typescript'

/**
 * One import of a file, or one touch of a global.
 * @typedef {{ specifier: string, names: readonly string[], line: number }} Import
 * @typedef {{ name: string, line: number }} GlobalUse
 */

/**
 * Every module that a TypeScript file names (static, type-only, re-exported, dynamic, `require`, `import('x')` types) and
 * every use of `process.env` and `console`.
 * @param {string} fileName
 * @param {string} text
 * @returns {{ imports: Import[], globals: GlobalUse[], unreadable: number[] }} `unreadable`: lines of dynamic imports
 *   whose module is no literal
 */
export const readImports = (fileName, text) => {
  const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true)
  const found = { imports: [], globals: [], unreadable: [] }
  const lineOf = node => file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1

  const visit = node => {
    const specifier = specifierOf(node)
    if (specifier !== undefined) {
      if (ts.isStringLiteralLike(specifier)) {
        found.imports.push({ specifier: specifier.text, names: namesOf(node), line: lineOf(node) })
      } else {
        found.unreadable.push(lineOf(node))
      }
    }
    const global = globalOf(node)
    if (global !== undefined) found.globals.push({ name: global, line: lineOf(node) })
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

const specifierOf = node => {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isExternalModuleReference(node)) return node.expression
  if (ts.isImportTypeNode(node)) return node.argument.literal
  if (!ts.isCallExpression(node)) return undefined
  const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword
  const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require'
  return isImport || isRequire ? node.arguments[0] : undefined
}

/** The exported names that an import takes, by the names that the other module gives them. */
const namesOf = node => {
  const list = ts.isImportDeclaration(node)
    ? node.importClause?.namedBindings
    : ts.isExportDeclaration(node)
      ? node.exportClause
      : undefined
  if (list === undefined || !(ts.isNamedImports(list) || ts.isNamedExports(list))) return []
  return list.elements.map(element => (element.propertyName ?? element.name).text)
}

const globalOf = node => {
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'env' && isName(node.expression, 'process')) {
    return 'process.env'
  }
  if (ts.isElementAccessExpression(node) && isName(node.expression, 'process')) return 'process.env' // process['env']
  if (ts.isImportSpecifier(node) && (node.propertyName ?? node.name).text === 'env' && isFromProcess(node)) {
    return 'process.env'
  }
  const isUsed = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)
  return isUsed && isName(node.expression, 'console') ? 'console' : undefined
}

const isName = (node, name) => ts.isIdentifier(node) && node.text === name

const isFromProcess = specifier => {
  const { moduleSpecifier } = specifier.parent.parent.parent
  return ts.isStringLiteral(moduleSpecifier) && /^(node:)?process$/.test(moduleSpecifier.text)
}
