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
      /** Tell each file as it is done: where there are few, and they take long. */
      readonly files: boolean
    }
  /** Docker, the machines' image, and the images of Kubernetes; counted as one test. */
  | { readonly kind: 'testbed' }
)

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
    deadlineMinutes: 35,
  },
]

const needTestbed: readonly string[] = ['integration', 'e2e']

/** The stages of these names, all by default, with what they need. */
export function chosenStages(names: readonly string[]): readonly Stage[] {
  if (names.length === 0) return stages
  const testbed = names.some((name) => needTestbed.includes(name))
  return stages.filter(({ name }) => names.includes(name) || (testbed && name === 'testbed'))
}

/** Whether a stage cannot be run because the testbed could not be made. */
export const dependsOnTestbed = (stage: Stage): boolean => needTestbed.includes(stage.name)
