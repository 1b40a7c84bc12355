import type { ServerVersion } from '../../kube/client/server-version.ts'
import { serverVersion } from '../../operations/server-version.ts'
import type { CommandAction } from '../command-spec.ts'
import { withRenderer } from '../follow.ts'
import { clusterFiles } from '../local/cluster-files.ts'
import { readKubeconfigFile } from '../local/kubeconfig-file.ts'
import { chooseLogRenderer } from '../output/choose-renderer.ts'
import { programVersion } from '../program-version.ts'

/** `rke version`: asks the API server that the local kubeconfig leads to. The answer alone goes to standard output. */
export const versionCommand: CommandAction = async (flags, session) => {
  const { io } = session
  return withRenderer(await chooseLogRenderer(session, io.stderr), session, async (following) => {
    following.renderer.say('info', `Running RKE version: ${programVersion}`)
    const { files, dialer } = clusterFiles(flags, io)
    const kubeconfig = await readKubeconfigFile(files.kubeconfig)
    const run = serverVersion(kubeconfig, files.kubeconfig, dialer, following.stop)
    io.stdout.write(`Server Version: ${goText(await following.follow(run))}\n`)
    return 0
  })
}

/** As Go prints a `version.Info`; scripts read it. */
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
