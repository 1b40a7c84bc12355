import type { Outcome, SimProcess } from '../sim-process.ts'
import { statusOf } from '../snapshot-store.ts'
import { ASIDE, keepRecovered, script } from './etcd-data.ts'

/** Where data is while it is moved. */
const MOVING = ['setting-aside', 'putting-back']

/** `READ_DATA_SCRIPT`. */
export function readData({ argv, container, machine: { disk } }: SimProcess): Outcome {
  const data = `${container.onDisk('/host') ?? ''}/etcd`
  if (!disk.exists(data)) return { exitCode: 0 }
  const names = disk.below(data).map((path) => path.slice(data.length + 1).split('/')[0] ?? '')
  const kept = [...new Set(names)].filter((name) => name.startsWith(`${ASIDE}-`))
  const lines = [
    ...(disk.exists(`${data}/${ASIDE}/member`) ? ['aside yes'] : []),
    ...(disk.exists(`${data}/before-restore/restore`)
      ? [`restore ${disk.read(`${data}/before-restore/restore`)}`]
      : []),
    ...(disk.exists(`${data}/before-restore/member`) ? ['before yes'] : []),
    ...MOVING.filter((name) => disk.exists(`${data}/${name}/member`)).map(() => 'moving yes'),
    ...kept.map((name) => `kept ${name}`),
    `free ${disk.isFullAt?.(data) ? 0 : 100000000}`,
    ...memberLines(disk.read(`${data}/member/snap/db`), disk.exists(`${data}/member`), argv[4] ?? ''),
  ]
  return { exitCode: 0, output: `${lines.join('\n')}\n` }
}

function memberLines(database: string | undefined, hasMember: boolean, way: string): readonly string[] {
  if (!hasMember) return []
  const size = 'size 20'
  if (database === undefined) return [size, 'damage its database (member/snap/db) is missing or empty']
  if (way === 'none') return [size]
  const status = statusOf(Buffer.from(database))
  return typeof status === 'string'
    ? [size, `damage its database cannot be read: ${status}`]
    : [size, `status ${JSON.stringify(status)}`]
}

export const copyData = script((data) => {
  if (data.has(`${ASIDE}/member`)) return
  data.remove(ASIDE)
  data.make(ASIDE)
  data.copy('member', `${ASIDE}/member`)
})

export const setDataAside = script((data) => {
  if (data.has(`${ASIDE}/member`)) {
    data.remove('member')
    return
  }
  if (!data.has('member')) return
  data.make(ASIDE)
  data.move('member', `${ASIDE}/member`)
})

export const keepData = script(keepRecovered)

export const discardData = script((data) => data.remove(...data.names(`${ASIDE}-`)))
