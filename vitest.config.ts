import { defineConfig } from 'vitest/config'

const project = (name: string, testTimeout: number) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    fileParallelism: name === 'unit',
  },
})

export default defineConfig({
  test: {
    projects: [project('unit', 30_000), project('integration', 120_000), project('e2e', 30 * 60_000)],
  },
})
