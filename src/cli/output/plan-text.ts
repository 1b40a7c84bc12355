import type { StepInfo } from '../../engine/events.ts'
import { printable } from './redact.ts'
import { countText } from './units.ts'

const LEGEND = { '+': 'add', '~': 'change', '-': 'remove', '>': 'start', '?': 'check' } as const
type Mark = keyof typeof LEGEND

const MARKS: Readonly<Record<string, Mark>> = {
  'ports.check': '?',
  'selinux.check': '?',
  'service.health': '?',
  'kubelets.reconnect': '?',
  'api.serves': '?',
  'node.ready': '?',
  'image.pull': '+',
  'snapshot.download': '+',
  'bucket.remove': '-',
  'container.create': '+',
  'container.start': '>',
  'container.restart': '>',
  'container.remove': '-',
  'files.remove': '-',
  'addon.apply': '+',
  'addon.remove': '-',
  'host.clean': '-',
  'snapshot.state': '+',
  'snapshot.save': '+',
  'snapshot.remove': '-',
  'snapshot.verify': '?',
  'system-pods.ready': '?',
  'tokens.check': '?',
  'root-ca.published': '?',
  'workload.restart': '>',
  'snapshot.copy': '+',
  'snapshot.unpack': '+',
  'scratch.delete': '-',
  'etcd.data.discard': '-',
  'etcd.member.add': '+',
  'etcd.member.remove': '-',
}

const UP = 'rke up'

/**
 * A plan as text: the actions and their reasons per node and for the cluster, then a summary. Pure.
 * @param command What would do it.
 * @param file Where the plan was saved; empty if it was not.
 */
export function planText(steps: readonly StepInfo[], command = UP, file = ''): string {
  if (steps.length === 0)
    return `Nothing to do${command === UP ? ': the cluster is as cluster.yml says' : ''}.\n`
  return `${[...planSections(steps), planSummary(steps, command, file)].join('\n')}\n`
}

/** Actions and their reasons, a text for each node that has some, and one for the cluster at the end. */
export function planSections(steps: readonly StepInfo[]): readonly string[] {
  const groups = Map.groupBy(steps, ({ node = '' }) => node)
  const cluster = groups.get('')
  groups.delete('')
  const sections = [...groups].map(([node, list]) => section(node, list))
  return cluster === undefined ? sections : [...sections, section('cluster', cluster)]
}

function section(name: string, steps: readonly StepInfo[]): string {
  const lines = steps.flatMap((step) => [
    `  ${markOf(step)} ${printable(step.title)}`,
    ...step.because.map((reason) => `      ${printable(reason)}`),
  ])
  return `${[name, ...lines].join('\n')}\n`
}

/** What the marks mean, how much there is to do, and what does it, in two lines. */
export function planSummary(steps: readonly StepInfo[], command: string, file = ''): string {
  const nodes = new Set(steps.flatMap(({ node = '' }) => (node === '' ? [] : [node]))).size
  const marks = steps.map(markOf)
  const checks = marks.filter((mark) => mark === '?').length
  const used = Object.entries(LEGEND).filter(([mark]) => marks.some((one) => one === mark))
  const legend = used.map(([mark, word]) => `${mark} ${word}`).join('  ')
  const sum = [
    ...(nodes > 0 ? [countText(nodes, 'node')] : []),
    countText(steps.length - checks, 'change'),
    ...(checks > 0 ? [countText(checks, 'check')] : []),
  ]
  const next =
    file === '' ? `"${command}" applies them` : `"${command} --plan ${printable(file)}" applies exactly these`
  return `${legend}\nPlan: ${sum.join(', ')}. ${next}.`
}

function markOf({ kind }: StepInfo): Mark {
  return MARKS[kind] ?? '~'
}
