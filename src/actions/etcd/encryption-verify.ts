import { markText } from '../../encryption-mark.ts'
import { EtcdError } from '../../errors.ts'
import { countStored } from '../../etcd/count-stored.ts'
import type { EtcdApi } from '../../etcd/etcd-api.ts'
import { etcdFolder } from '../../kube/objects/etcd-folder.ts'
import { meantKinds } from '../../kube/tasks/meant-kinds.ts'
import type { ActionContext, ActionHandler } from '../action-handler.ts'
import { resourcesText } from '../kube/resources-text.ts'

export const encryptionVerify: ActionHandler<'encryption.verify'> = {
  describe: ({ resources }) => `see in etcd how all ${resourcesText(resources)} are stored`,
  async run({ resources, members, prefix }, context) {
    const { kube, progress, signal } = context
    const { kinds, notServed } = await meantKinds(await kube(), resources, signal)
    const etcd = await firstThatAnswers(members, context)
    const looked = [
      ...kinds.map(({ kind, item }) => ({ resource: kind.resource, item, served: true })),
      ...notServed.map((item) => ({ resource: item.resource, item, served: false })),
    ]
    for (const { resource, item, served } of looked) {
      const mark = item.mark.reveal()
      const folder = `${prefix}/${etcdFolder(resource)}`
      const count = await countStored(etcd, folder, mark, {
        signal,
        served,
        onProgress: (read) => progress(`${read} ${resource} read`),
      })
      if (count > 0) context.noteStored({ resource, storedAs: markText(mark), count })
    }
  },
}

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
