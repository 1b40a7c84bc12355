import { HELPER, SELINUX_TYPE } from '../../container-names.ts'
import { DockerError } from '../../errors.ts'
import { runOnce } from '../../node/helpers/run-once.ts'
import type { ActionHandler } from '../action-handler.ts'

const STEP = 'check that Docker accepts the SELinux type of our containers'

export const selinuxCheck: ActionHandler<'selinux.check'> = {
  describe: () => STEP,
  async run(action, { node, signal }) {
    const container = {
      Image: action.image,
      Cmd: ['true'],
      HostConfig: { SecurityOpt: [SELINUX_TYPE], NetworkMode: 'none' },
    }
    try {
      await runOnce(node(action.node), { name: HELPER.checkSelinux, container, signal })
    } catch (thrown) {
      if (!(thrown instanceof DockerError) || !thrown.message.includes('invalid argument')) throw thrown
      throw new DockerError('SELinux does not know the type rke_container_t', {
        host: action.node,
        step: STEP,
        hint: 'install the package rancher-selinux on the node, then run the same command again',
        cause: thrown,
      })
    }
  },
}
