import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/longest-first.ts'

const project = (name: string, testTimeout: number) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    // Others may be at work on the box.
    expect: { poll: { timeout: 10_000 } },
    // Unit tests share nothing but modules: loading these anew for every file took most of the time.
    ...(name === 'unit' && { pool: 'threads' as const, isolate: false, maxWorkers: '100%' }),
    // Real programs wait most of the time: files run at once, each on machines, addresses and names of its own.
    ...((name === 'e2e' || name === 'integration') && { maxWorkers: 3 }),
    fileParallelism: name !== 'soak',
    ...(name === 'integration' && { globalSetup: 'test/integration/bystander.ts' }),
  },
})

export default defineConfig({
  test: {
    // A golden file that is missing is an error; `vitest -u` writes it.
    update: 'none',
    globalSetup: 'test/temporary-folder.ts',
    sequence: { sequencer: LongestFirst },
    projects: [
      project('unit', 30_000),
      project('integration', 120_000),
      project('e2e', 30 * 60_000),
      project('soak', 90 * 60_000),
    ],
  },
})
