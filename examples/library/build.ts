import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FileStateStore, loadConfig, openCatalog, sshTransports, up } from '../../src/index.ts'

const overSsh = sshTransports({ env: process.env, readFile: (path) => readFile(path, 'utf8') })

/** Makes a cluster what `cluster.yml` in a folder says, and prints each step as it is done. */
export async function build(folder: string, print = console.log, transports = overSsh): Promise<void> {
  const catalog = await openCatalog()
  const text = await readFile(join(folder, 'cluster.yml'), 'utf8')
  const { config, warnings } = loadConfig(text, 'cluster.yml', catalog)
  for (const { line, message } of warnings) print(`cluster.yml:${line}: ${message}`)

  const run = up(config, {
    catalog,
    transports,
    store: new FileStateStore(join(folder, 'cluster.rkestate')),
    saveKubeconfig: (kubeconfig) =>
      writeFile(join(folder, 'kube_config_cluster.yml'), kubeconfig.reveal(), { mode: 0o600 }),
  })
  for await (const event of run) {
    if (event.type === 'done') print(`${event.step.title}: ${Math.round(event.milliseconds)} ms`)
  }
  const { done } = await run.result
  print(`${done} steps`)
}
