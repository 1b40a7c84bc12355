import { PARALLEL_HANDSHAKES } from '../../../src/node/transport/ssh-transport.ts'
import { aligned } from '../table.ts'
import type { ScaleRun } from './scale.ts'

const HEAD = [
  '',
  'nodes',
  'time',
  'of a core',
  'memory',
  'Docker requests to a node',
  'to Kubernetes, etcd',
  'connections',
  'logins at a time',
  'nodes changed',
]

/** One table of all runs, and whether the targets are met. */
export function scaleTable(runs: readonly ScaleRun[]): string {
  const table = aligned([HEAD, ...runs.map(cells)])
  const verdicts = targets(runs).map(({ what, value, most }) => [
    what,
    value.toFixed(1),
    `≤ ${most}`,
    value <= most ? 'met' : 'MISSED',
  ])
  return `${table}\n\n${aligned([['', 'measured', 'target', ''], ...verdicts])}`
}

function cells(run: ScaleRun): string[] {
  return [
    run.what,
    String(run.nodes),
    `${(run.milliseconds / 1000).toFixed(1)} s`,
    `${(run.cpuMilliseconds / 1000).toFixed(1)} s`,
    `${run.peakMiB.toFixed(0)} MiB`,
    `${run.docker.fewest} to ${run.docker.most}`,
    `${run.kube}, ${run.etcd}`,
    String(run.connections),
    String(run.mostHandshakes),
    String(run.touched.length),
  ]
}

interface Target {
  readonly what: string
  readonly value: number
  readonly most: number
}

const QUIET = ['plan', 'up again'] as const

function targets(runs: readonly ScaleRun[]): readonly Target[] {
  const [few, many] = [Math.min(...sizes(runs)), Math.max(...sizes(runs))]
  const of = (nodes: number, what: string): ScaleRun | undefined =>
    runs.find((run) => run.nodes === nodes && run.what === what)
  const quiet = QUIET.flatMap((what): readonly Target[] => {
    const [small, large] = [of(few, what), of(many, what)]
    if (large === undefined) return []
    const title = `${what}, ${many} nodes`
    return [
      { what: `${title}: seconds`, value: large.milliseconds / 1000, most: 60 },
      { what: `${title}: MiB`, value: large.peakMiB, most: 1024 },
      { what: `${title}: nodes changed`, value: large.touched.length, most: 0 },
      ...(small === undefined || few === many
        ? []
        : [
            {
              what: `${title}: times what ${few} nodes take of a core`,
              value: large.cpuMilliseconds / small.cpuMilliseconds,
              most: many / few,
            },
          ]),
    ]
  })
  const rotated = of(many, 'cert rotate')
  const grown = of(few, 'up with one more worker')
  return [
    ...quiet,
    {
      what: 'logins at a time, at most',
      value: Math.max(...runs.map((run) => run.mostHandshakes)),
      most: PARALLEL_HANDSHAKES,
    },
    {
      what: 'connections to a node, at most',
      value: Math.max(...runs.map((run) => run.mostOpen / run.inFile)),
      most: 1,
    },
    ...(rotated === undefined
      ? []
      : [{ what: `cert rotate, ${many} nodes: seconds`, value: rotated.milliseconds / 1000, most: 90 }]),
    ...(grown === undefined
      ? []
      : [{ what: `one more worker on ${few} nodes: nodes changed`, value: grown.touched.length, most: 1 }]),
  ]
}

const sizes = (runs: readonly ScaleRun[]): readonly number[] => runs.map(({ nodes }) => nodes)
