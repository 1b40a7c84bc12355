import { basename, dirname, join, normalize } from 'node:path'

/** The files of a cluster, named after its cluster file; relative ones begin with `./`. */
export interface FileNames {
  readonly config: string
  readonly state: string
  readonly kubeconfig: string
  readonly certificates: string
}

/** Names derived from the path of the cluster file as given on the command line; "" stands for `cluster.yml`. */
export function fileNames(config: string): FileNames {
  const path = config === '' ? 'cluster.yml' : config
  const folder = normalize(dirname(path))
  const file = basename(path)
  const dot = file.lastIndexOf('.')
  const stem = dot === -1 ? file : file.slice(0, dot)
  const beside = (name: string) => (folder === '.' ? `./${name}` : join(folder, name))
  return {
    config: path,
    state: beside(`${stem}.rkestate`),
    kubeconfig: beside(`kube_config_${file}`),
    certificates: beside(`${stem}_certs`),
  }
}
