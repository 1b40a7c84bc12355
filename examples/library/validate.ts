import { checkConfig, type Deps, openCatalog, validate } from '../../src/index.ts'

/** Every error and warning about a cluster file, each with its place in it. Contacts no machine. */
export async function problemsOf(text: string, deps: Deps): Promise<readonly string[]> {
  const checked = checkConfig(text, 'cluster.yml', await openCatalog())
  const problems = await validate(checked, deps).result
  return problems.map(({ severity, line, column, path, message }) =>
    [`${line}:${column}`, severity, path, message].join(' '),
  )
}
