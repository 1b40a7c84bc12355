import type { Catalog } from '../../catalog/catalog.ts'
import { compareNumericWords } from '../../catalog/version-order.ts'
import type { ClusterConfig } from '../cluster-config.ts'
import { systemImageNames } from '../schema/system-images.ts'
import { imagesFor } from './image-lists.ts'

/** An image that a cluster would get in an older version than it has. */
export interface LoweredImage {
  /** `rancher/rke-tools`, without a registry. */
  readonly name: string
  readonly from: string
  readonly to: string
}

/** Images that the cluster uses and that are older than those of the configuration that was applied before. */
export function loweredImages(
  applied: Pick<ClusterConfig, 'systemImages'>,
  config: ClusterConfig,
  catalog: Catalog,
): readonly LoweredImage[] {
  const used = new Set(imagesFor(config, catalog))
  const lowered = systemImageNames
    .filter((name) => used.has(config.systemImages[name]))
    .flatMap((name) => lowering(applied.systemImages[name], config.systemImages[name]))
  return lowered.filter(({ name }, index) => lowered.findIndex((each) => each.name === name) === index)
}

function lowering(before: string, after: string): readonly LoweredImage[] {
  const [old, now] = [nameAndTag(before), nameAndTag(after)]
  if (old.name !== now.name || !areComparable(old.tag, now.tag)) return []
  return compareNumericWords(now.tag, old.tag) < 0 ? [{ name: now.name, from: old.tag, to: now.tag }] : []
}

/** The last two parts of the name: the same image may come from another registry. */
function nameAndTag(image: string): { readonly name: string; readonly tag: string } {
  const [, path = '', tag = ''] = /^(.*?)(?::([^:/]*))?$/.exec(image) ?? []
  return { name: path.split('/').slice(-2).join('/'), tag }
}

/** Versions are not compared with dates, such as `v20231226-1a7112e06`. */
function areComparable(a: string, b: string): boolean {
  const isDate = (tag: string): boolean => /^v?\d{8}/.test(tag)
  return /\d/.test(a) && /\d/.test(b) && isDate(a) === isDate(b)
}
