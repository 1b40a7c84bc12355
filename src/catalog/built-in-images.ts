import systemImages from './data/system-images.json' with { type: 'json' }
import { applyStep, madeWhenRead, type Step } from './steps.ts'

const STEPS: Readonly<Record<string, Readonly<Record<string, Step>>>> = systemImages

/** Images by full version, as `K8sVersionRKESystemImages` has them. The first build of a minor version names all of its images. */
export const builtInImages = madeWhenRead(Object.values(STEPS).flatMap(Object.keys), imagesOf)

function imagesOf(version: string): Record<string, string> {
  const builds = Object.values(STEPS).find((each) => version in each) ?? {}
  const upTo = Object.keys(builds).indexOf(version) + 1
  return Object.values(builds).slice(0, upTo).reduce<Record<string, string>>(applyStep, {})
}
