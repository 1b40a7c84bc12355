import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measure, median } from './measure.ts'
import { aligned } from './table.ts'

const ROUNDS = 11
/** Milliseconds beyond an empty Node program. */
const START_TARGET = 150
/** Milliseconds. */
const THOUSAND_NODES_TARGET = 2000

const CLUSTER = `nodes:
- {address: 10.0.0.1, user: root, role: [controlplane, etcd, worker]}
`

/** Calls that reach no machine; each is a start of the program and little more. */
const OFFLINE: readonly (readonly string[])[] = [
  ['--version'],
  ['--help'],
  ['up', '--help'],
  ['etcd', 'snapshot-save', '--help'],
  ['config', '--empty', '--print'],
  ['config', '--list-version'],
  ['config', '--system-images'],
  ['config', 'schema'],
  ['config', 'validate'],
  ['images', 'list'],
  ['completion', 'bash'],
]

/**
 * How long the program takes to start, beyond Node itself, and how long a file of 1,000 nodes takes to be parsed,
 * checked and turned into what every node should hold. As a table with targets.
 */
export async function startTable(rke: string): Promise<string> {
  const cwd = mkdtempSync(join(tmpdir(), 'rke-bench-'))
  writeFileSync(join(cwd, 'cluster.yml'), CLUSTER)
  const calls = [['-e', '0'], ...OFFLINE.map((words) => [rke, ...words])]
  const times = calls.map((): number[] => [])
  // In turn, so that what else the box does meets all alike; the first round only fills caches.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, args] of calls.entries()) {
      const { milliseconds } = await measure(args, { cwd, memory: false })
      if (round > 0) times[index]?.push(milliseconds)
    }
  }
  rmSync(cwd, { recursive: true })
  const [empty = [], ...started] = times
  const thousand = Math.min(...(await thousandNodes()))
  return aligned([
    ['', 'median', 'lowest', 'beyond Node', 'target', ''],
    ['an empty Node program', shown(median(empty)), shown(Math.min(...empty)), '', '', ''],
    ...started.map((all, index) => {
      // From the lowest: whatever else the box does only adds to it.
      const beyond = Math.min(...all) - Math.min(...empty)
      const name = `rke ${OFFLINE[index]?.join(' ')}`
      const target = `≤ ${shown(START_TARGET)}`
      return [
        name,
        shown(median(all)),
        shown(Math.min(...all)),
        shown(beyond),
        target,
        met(beyond, START_TARGET),
      ]
    }),
    [
      '1,000 nodes: file to desired state',
      '',
      shown(thousand),
      '',
      `≤ ${shown(THOUSAND_NODES_TARGET)}`,
      met(thousand, THOUSAND_NODES_TARGET),
    ],
  ])
}

/** Each time in a new process, as a user has it. */
async function thousandNodes(): Promise<readonly number[]> {
  const program = join(import.meta.dirname, 'thousand-nodes.ts')
  const times: number[] = []
  for (let round = 0; round < 5; round++) {
    const { stdout } = await measure([program], { memory: false })
    times.push(Number(stdout))
  }
  return times
}

const shown = (milliseconds: number): string => `${milliseconds.toFixed(0)} ms`
const met = (value: number, target: number): string => (value <= target ? 'met' : 'MISSED')
