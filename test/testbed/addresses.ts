/** The network that all machines of this box share. Only addresses of it are ever handed out. */
export const network = {
  name: 'rke-testbed',
  subnet: '10.66.0.0/24',
  gateway: '10.66.0.1',
  bridge: 'rke-testbed0',
  /** Nobody's address. Machines have it as their default gateway where there is nothing outside for them. */
  nowhere: '10.66.0.254',
} as const

/** Docker Hub as the machines see it: they have it as a mirror, so cluster.yml needs no change. */
export const registryAddress = '10.66.0.2'
/** The same images behind a user and a password. */
export const privateRegistryAddress = '10.66.0.3'
export const registryPort = 5000

/** Every container that the testbed makes has this label; nothing without it is ever removed. */
export const label = 'rke-testbed'

/** Volumes with images for machines to begin with; they stay, as images do. */
export const diskLabel = `${label}-images`

/** And this one, if RKE_TESTBED_RUN names the run that makes it, so that the run can remove what is its own. */
export const runLabels = (): string[] => {
  const run = process.env.RKE_TESTBED_RUN
  return run ? [`${label}.run=${run}`] : []
}

/** What tests call a set of machines: runs of `npm test` on one box have each their own. */
export const testSet = (name: string): string => {
  const [pid] = process.env.RKE_TESTBED_RUN?.split('-') ?? []
  return pid ? `${name}-${pid}` : name
}

const first = 11
const last = 250

/** The lowest `count` addresses in a row that are not taken; undefined when there are none. */
export function freeAddresses(count: number, taken: ReadonlySet<string>): string[] | undefined {
  for (let start = first; start + count - 1 <= last; start++) {
    const block = Array.from({ length: count }, (_, index) => `10.66.0.${start + index}`)
    if (block.every((address) => !taken.has(address))) return block
  }
  return undefined
}
