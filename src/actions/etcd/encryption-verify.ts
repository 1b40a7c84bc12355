import { markText } from '../../encryption-mark.ts'
import { EtcdError } from '../../errors.ts'
import { countStored } from '../../etcd/count-stored.ts'
import type { EtcdApi } from '../../etcd/etcd-api.ts'
import type { KubeApi } from '../../kube/client/kube-api.ts'
import { etcdFolder, isKeptAmong } from '../../kube/objects/etcd-folder.ts'
import type { ServedKind } from '../../kube/objects/resource-names.ts'
import { meantKinds } from '../../kube/tasks/meant-kinds.ts'
import type { ActionContext, ActionHandler } from '../action-handler.ts'
import { resourcesText } from '../kube/resources-text.ts'

export const encryptionVerify: ActionHandler<'encryption.verify'> = {
  describe: ({ resources, elsewhere }) => {
    const except = elsewhere.length === 0 ? '' : `, except ${elsewhere.join(', ')}, which are in another etcd`
    return `see in etcd how all ${resourcesText(resources)} are stored${except}`
  },
  async run({ resources, members, prefix, elsewhere }, context) {
    const { kube, progress, signal } = context
    const api = await kube()
    const { kinds, notServed } = await meantKinds(api, resources, signal)
    const etcd = await firstThatAnswers(members, context)
    const looked = [
      ...kinds.map(({ kind, item }) => ({ resource: kind.resource, item, kind })),
      ...notServed.map((item) => ({ resource: item.resource, item, kind: undefined })),
    ].filter(({ resource }) => !isKeptAmong(elsewhere, resource))
    for (const { resource, item, kind } of looked) {
      const mark = item.mark.reveal()
      const folder = `${prefix}/${etcdFolder(resource)}`
      const countThem = (): Promise<number> =>
        countStored(etcd, folder, mark, {
          signal,
          served: kind !== undefined,
          onProgress: (read) => progress(`${read} ${resource} read`),
        })
      let count = await countThem()
      if (count === 0 && kind !== undefined && (await hasObjects(api, kind, signal))) {
        // One may have been created in between.
        count = await countThem()
        if (count === 0) throw keptElsewhere(resource, folder)
      }
      if (count > 0) context.noteStored({ resource, storedAs: markText(mark), count })
    }
  },
}

async function hasObjects(kube: KubeApi, kind: ServedKind, signal: AbortSignal): Promise<boolean> {
  return (await kube.listPage(kind, { limit: 1 }, signal)).items.length > 0
}

const keptElsewhere = (resource: string, folder: string): EtcdError =>
  new EtcdError(`etcd holds nothing below ${folder}, but the API has ${resource}`, {
    why: 'the API servers keep them elsewhere, so that it cannot be seen how they are stored',
    hint: 'the old key is kept; check etcd-prefix and etcd-servers among the extra_args of services.kube-api, then run the same command again',
  })

async function firstThatAnswers(
  members: readonly string[],
  { etcd, signal }: Pick<ActionContext, 'etcd' | 'signal'>,
): Promise<EtcdApi> {
  for (const address of members) {
    const member = etcd(address)
    if ((await member.health(signal)).ok) return member
  }
  throw new EtcdError('no member of etcd is healthy, so that it cannot be seen how values are stored', {
    hint: 'repair etcd first (docker logs etcd on its nodes), then run the same command again',
  })
}
