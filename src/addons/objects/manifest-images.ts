import { readYamlDocuments } from '../../config/yaml/read-yaml.ts'
import { isRecord } from './manifest.ts'

const CONTAINER_LISTS = ['containers', 'initContainers', 'ephemeralContainers']

/**
 * Images of the containers in a manifest, each once, in their order: of pods, and of whatever has a pod template.
 * What a controller of the manifest starts by itself cannot be known from it.
 * @throws YamlSyntaxProblem
 */
export function manifestImages(text: string): readonly string[] {
  const found = new Set<string>()
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item)
    if (!isRecord(value)) return
    for (const [key, member] of Object.entries(value)) {
      if (CONTAINER_LISTS.includes(key) && Array.isArray(member)) {
        for (const image of member.map(imageOf)) if (image !== '') found.add(image)
      }
      visit(member)
    }
  }
  visit(readYamlDocuments(text))
  return [...found]
}

function imageOf(container: unknown): string {
  return isRecord(container) && typeof container.image === 'string' ? container.image : ''
}
