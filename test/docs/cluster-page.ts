import type { z } from 'zod'
import { networkPlugins } from '../../src/config/network-plugins/network-plugins.ts'
import { clusterConfigSchema } from '../../src/config/schema/cluster.ts'
import type { FieldRules } from '../../src/config/schema/reading/field-rules.ts'
import { type SchemaView, viewOf } from '../../src/config/schema/reading/schema-view.ts'
import { yamlKey } from '../../src/config/schema/reading/yaml-keys.ts'
import { serviceBase } from '../../src/config/schema/services/service-base.ts'

const introduction = `# cluster.yml

Every key of a cluster file. This page is made from the schema that the program reads files with; the same
schema, as JSON Schema, is what editors complete and check with: [below](#in-your-editor).

How values are read:

- A key that is missing, \`null\` or empty has its default.
- A *text* may be any single value and keeps what is written: \`1.10\` stays \`1.10\`, quotes are not needed.
- *true/false* may also be \`yes\`/\`no\` and \`on\`/\`off\`, but not in quotes.
- A *list* must be a list even for one entry: \`role: [etcd]\`.
- Keys marked *Kubernetes object* are read as in a manifest: numbers and switches are no texts there.
- Anchors, aliases and merges (\`<<\`) work; keys at the top that begin with \`x-\` are ignored, so anchors can
  stand there.
- Values marked *secret* may come from the environment or a file, see [Secrets](secrets.md); so may those
  marked *from outside*.
- A key that is neither on this page nor in an object that it links to is a warning, and has no effect.

\`rke config validate\` reports every error and warning in a file, and needs no cluster. \`rke config --empty\` writes a
file with every key, \`rke config\` asks for the values that most clusters need.

## In your editor

Editors that know the YAML language server complete and check a cluster file that begins with this line:

    # yaml-language-server: $schema=./cluster.schema.json

The schema is beside this page as [cluster.schema.json](cluster.schema.json); \`rke config schema > cluster.schema.json\`
writes that of the program you have.
`

interface Block {
  readonly title: string
  readonly view: Extract<SchemaView, { kind: 'block' }>
  readonly verbatim: boolean
}

/** The reference of cluster.yml as Markdown. */
export function clusterPage(): string {
  const root = viewOf(clusterConfigSchema)
  if (root.kind !== 'block') throw new TypeError('the schema of a cluster file is no block')
  const sections = [...blocks({ title: '', view: root, verbatim: false })].map(section)
  return [introduction, ...sections, optionsSection()].join('\n')
}

/** A block and all blocks inside it, in order. */
function* blocks(block: Block): Generator<Block> {
  yield block
  for (const [name, member] of block.view.members) {
    if (viewOf(member).rules.explainedAt !== undefined) continue
    const key = yamlKey(name, member, block.verbatim)
    const inner = blockInside(member, block.title === '' ? key : `${block.title}.${key}`, block.verbatim)
    if (inner !== undefined && inner.view.members.size > 0) yield* blocks(inner)
  }
}

function blockInside(schema: z.ZodType, title: string, outer: boolean): Block | undefined {
  const view = viewOf(schema)
  const verbatim = outer || view.rules.keys === 'verbatim' || view.rules.decode === 'kubernetes'
  if (view.kind === 'block') return { title, view, verbatim }
  if (view.kind === 'list') return blockInside(view.items, `${title}[]`, verbatim)
  if (view.kind === 'map') return blockInside(view.values, `${title}.<name>`, verbatim)
  return undefined
}

function section({ title, view, verbatim }: Block): string {
  const isService = view.members.has('winExtraEnv')
  const rows = [...view.members]
    .filter(([name]) => !isService || !(name in serviceBase))
    .map(([name, member]) => row(yamlKey(name, member, verbatim), member, title, verbatim))
  const heading = `## ${title === '' ? 'Top level' : `\`${title}\``}`
  const parts = [
    heading,
    ...(isService ? ['', 'Besides the [keys of every service](#keys-of-every-service):'] : []),
    ...(rows.length === 0 ? ['', 'No keys of its own.'] : ['', table, ...rows]),
  ]
  const common = title === 'services' ? commonKeys() : ''
  return `${parts.join('\n')}\n${common}`
}

const table = '| Key | Value | Default | Meaning |\n|---|---|---|---|'

function commonKeys(): string {
  const rows = Object.entries(serviceBase).map(([name, member]) =>
    row(yamlKey(name, member, false), member, 'services', false),
  )
  return ['', '## Keys of every service', '', table, ...rows, ''].join('\n')
}

function row(key: string, member: z.ZodType, title: string, verbatim: boolean): string {
  const { rules } = viewOf(member)
  const inner = blockInside(member, title === '' ? key : `${title}.${key}`, verbatim)
  const marks = [
    ...(rules.required ? ['**Required.**'] : []),
    ...(rules.secret ? ['*Secret.*'] : []),
    ...(rules.placeholders ? ['*From outside.*'] : []),
    ...(rules.decode === 'kubernetes' ? ['*Kubernetes object.*'] : []),
  ]
  const meaning = [rules.about ?? '', ...marks].join(' ')
  return `| ${[`\`${key}\``, kindOf(member, inner), defaultOf(rules), meaning].map(cell).join(' | ')} |`
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

function kindOf(schema: z.ZodType, inner: Block | undefined): string {
  const view = viewOf(schema)
  const { explainedAt, oneOf } = view.rules
  if (explainedAt !== undefined) return `[list of objects](${explainedAt})`
  const link = inner === undefined || inner.view.members.size === 0 ? '' : `(#${anchor(inner.title)})`
  switch (view.kind) {
    case 'block':
      return link === '' ? 'empty block' : `[block]${link}`
    case 'list':
      if (link !== '') return `[list of blocks]${link}`
      return viewOf(view.items).kind === 'map' ? 'list of maps' : 'list of texts'
    case 'map':
      if (link !== '') return `[blocks by name]${link}`
      return viewOf(view.values).kind === 'list' ? 'map of lists' : 'map'
    case 'text':
      return oneOf === undefined ? 'text' : oneOf.map((value) => `\`${value}\``).join(', ')
    case 'switch':
      return 'true/false'
    case 'integer':
      return 'whole number'
    case 'number':
      return 'number'
    case 'integer-or-text':
      return 'number or share'
    default:
      return 'anything'
  }
}

function defaultOf({ default: byDefault }: FieldRules): string {
  if (byDefault === undefined) return ''
  return typeof byDefault === 'object' ? byDefault.from : `\`${byDefault}\``
}

/** The name under which GitHub finds a heading. */
const anchor = (title: string): string => title.toLowerCase().replace(/[^a-z0-9_ -]/g, '')

function optionsSection(): string {
  const options = networkPlugins.flatMap(({ name: plugin, options: own }) =>
    own.map((option) => ({ ...option, plugin })),
  )
  const rows = options.map(
    ({ about, default: byDefault = '', name, plugin, secret }) =>
      `| ${plugin} | \`${name}\` | ${byDefault === '' ? '' : `\`${byDefault}\``} | ${about}${secret ? ' *Secret.*' : ''} |`,
  )
  return `## Network options

Entries of \`network.options\`. A key of a provider block is copied to its option where that is not given. The
options of ACI are the keys of its block with \`aci_\` before them.

| Plugin | Option | Default | Meaning |
|---|---|---|---|
${rows.join('\n')}
`
}
