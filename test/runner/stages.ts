/** One part of `npm test`. */
export type Stage = {
  readonly name: string
  readonly title: string
  readonly deadlineMinutes: number
} & (
  | {
      /** One npm script, counted as one test. */
      readonly kind: 'check'
      readonly script: string
    }
  | {
      /** A vitest project: as many tests as it has. */
      readonly kind: 'tests'
      readonly script: string
      /** Print each file as it is done: where there are few, and they take long. */
      readonly files: boolean
      /** Which of its tests; all by default. */
      readonly paths?: readonly string[]
      /** Environment variables, unless they are set. */
      readonly environment?: Readonly<Record<string, string>>
    }
  /** Docker, the machines' image, and the images of Kubernetes; counted as one test. */
  | { readonly kind: 'testbed' }
)

/**
 * Folders of unit tests of what Node itself does: the command line and how it starts, files, cryptography, TLS, HTTP,
 * streams. The rest is plain code, which runs wherever its types are right; these are checked against both versions.
 */
const DIFFERENT_BY_NODE = [
  'cli',
  'engine',
  'etcd',
  'examples',
  'files',
  'kube',
  'node',
  'operations/up.test.ts',
  'pki',
  's3',
  'snapshots',
  'state',
]

/** In the order in which they run: what fails soonest comes first, and the testbed only when it is needed. */
export const stages: readonly Stage[] = [
  { name: 'types', kind: 'check', title: 'types', script: 'check:types', deadlineMinutes: 5 },
  { name: 'lint', kind: 'check', title: 'lint', script: 'check:lint', deadlineMinutes: 5 },
  { name: 'imports', kind: 'check', title: 'import rules', script: 'check:imports', deadlineMinutes: 5 },
  {
    name: 'unit',
    kind: 'tests',
    title: 'unit tests',
    script: 'test:unit',
    files: false,
    deadlineMinutes: 10,
  },
  {
    name: 'unit-lowest',
    kind: 'tests',
    title: 'unit tests with the lowest Node',
    script: 'test:unit-lowest',
    files: false,
    paths: DIFFERENT_BY_NODE.map((folder) => `test/unit/${folder}`),
    deadlineMinutes: 10,
  },
  { name: 'testbed', kind: 'testbed', title: 'testbed', deadlineMinutes: 45 },
  {
    name: 'integration',
    kind: 'tests',
    title: 'integration tests',
    script: 'test:integration',
    files: true,
    deadlineMinutes: 15,
  },
  {
    name: 'e2e',
    kind: 'tests',
    title: 'end-to-end tests',
    script: 'test:e2e',
    files: true,
    deadlineMinutes: 45,
  },
]

/** What `npm run test:soak` runs: more of what `npm test` runs one example of. It takes hours. */
export const soakStages: readonly Stage[] = [
  {
    name: 'soak-model',
    kind: 'tests',
    title: 'random clusters',
    script: 'test:unit',
    files: false,
    paths: ['test/unit/model'],
    environment: { RKE_TEST_SEQUENCES: '20000' },
    deadlineMinutes: 60,
  },
  {
    name: 'soak-kills',
    kind: 'tests',
    title: 'killed runs',
    script: 'test:unit',
    files: false,
    paths: ['test/unit/operations'],
    environment: { RKE_TEST_SEED: String(Math.floor(Math.random() * 1_000_000)), RKE_TEST_KILLS: '20' },
    deadlineMinutes: 60,
  },
  ...stages.filter(({ kind }) => kind === 'testbed'),
  {
    name: 'soak-clusters',
    kind: 'tests',
    title: 'long-lived clusters',
    script: 'test:soak-clusters',
    files: true,
    deadlineMinutes: 180,
  },
]

const needTestbed: readonly string[] = ['integration', 'e2e', 'soak-clusters']

/** The stages of these names, with what they need: those of `npm test` by default. */
export function chosenStages(names: readonly string[]): readonly Stage[] {
  if (names.length === 0) return stages
  if (names.includes(SOAK)) return soakStages
  const testbed = names.some((name) => needTestbed.includes(name))
  return [...new Set([...stages, ...soakStages])].filter(
    ({ name }) => names.includes(name) || (testbed && name === 'testbed'),
  )
}

const SOAK = 'soak'

/** What can be chosen. */
export const stageNames: readonly string[] = [
  ...new Set([...stages, ...soakStages].map(({ name }) => name)),
  SOAK,
]

/** Whether a stage cannot be run because the testbed could not be made. */
export const dependsOnTestbed = (stage: Stage): boolean => needTestbed.includes(stage.name)
