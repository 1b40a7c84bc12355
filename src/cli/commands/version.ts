import type { ServerVersion } from '../../kube/client/server-version.ts'
import { serverVersion } from '../../operations/server-version.ts'
import { programVersion } from '../../program-version.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { readKubeconfigFile } from '../local/files/kubeconfig-file.ts'
import { localState } from '../local/local-state.ts'
import { chooseLogRenderer } from '../output/renderers/choose-renderer.ts'
import { withRenderer } from '../running/follow.ts'

/** `rke version`: asks the API server that the local kubeconfig leads to. The answer alone goes to standard output. */
export const versionCommand: CommandAction = async (flags, context) => {
  const { io } = context
  return withRenderer(await chooseLogRenderer(context, io.stderr), context, async (following) => {
    following.renderer.say('info', `Running RKE version: ${programVersion}`)
    const { files, dialer } = localState(flags, io)
    const kubeconfig = await readKubeconfigFile(files.kubeconfig)
    const run = serverVersion(kubeconfig, files.kubeconfig, dialer, following.stop)
    io.stdout.write(`Server Version: ${goText(await following.follow(run))}\n`)
    return 0
  })
}

/** The format of Go's `version.Info`, which scripts parse. */
function goText(version: ServerVersion): string {
  const { major, minor, gitVersion, gitCommit, gitTreeState, buildDate, goVersion, compiler, platform } =
    version
  const fields = {
    Major: major,
    Minor: minor,
    GitVersion: gitVersion,
    GitCommit: gitCommit,
    GitTreeState: gitTreeState,
    BuildDate: buildDate,
    GoVersion: goVersion,
    Compiler: compiler,
    Platform: platform,
  }
  const parts = Object.entries(fields).map(([name, value]) => `${name}:${JSON.stringify(value)}`)
  return `version.Info{${parts.join(', ')}}`
}
