import type { CommandSpec, Flag } from './command-spec.ts'
import { config, example, onlyNodes, output, planOutput, sshAgentAuth, text } from './common-flags.ts'

const IMAGES = 'Images'

const archiveFile: Flag = {
  name: 'file',
  type: 'string',
  value: 'file',
  help: 'the archive; compressed if its name ends with .gz or .tgz',
}
/** Images for air-gapped sites. */
export const imagesCommand: CommandSpec = {
  name: 'images',
  help: 'images that a cluster needs, for air-gapped sites',
  group: IMAGES,
  flags: [],
  commands: [
    {
      name: 'list',
      help: 'print the images that the cluster needs, and only those',
      flags: [
        config,
        {
          ...planOutput,
          help: 'text: one image a line; json: an object with kubernetesVersion, images and leftOut',
        },
      ],
      words: 'refused',
      examples: [
        example('rke images list', 'one image a line'),
        example('rke images list --config prod.yml --output json', 'for a program'),
      ],
      load: async () => (await import('../commands/images-list.ts')).imagesListCommand,
    },
    {
      name: 'save',
      help: 'pull these images and save them to one archive',
      flags: [
        config,
        archiveFile,
        text(
          'node',
          'the node whose Docker pulls and saves; without it, the Docker of this machine',
          'address',
        ),
        sshAgentAuth,
        output,
      ],
      words: 'refused',
      examples: [
        example('rke images save --file images.tar.gz', 'through the Docker of this machine'),
        example('rke images save --file images.tar --node 10.0.0.1', 'through that of a node'),
      ],
      load: async () => (await import('../commands/images-save.ts')).imagesSaveCommand,
    },
    {
      name: 'load',
      help: 'load an archive into all nodes that lack one of these images',
      flags: [
        config,
        archiveFile,
        onlyNodes,
        { name: 'local', type: 'boolean', help: 'into the Docker of this machine instead' },
        { name: 'force', type: 'boolean', help: 'also into nodes that have all of the images' },
        sshAgentAuth,
        output,
      ],
      words: 'refused',
      examples: [
        example('rke images load --file images.tar.gz', 'into every node that lacks an image'),
        example('rke images load --file images.tar.gz --nodes 10.0.0.7', 'into one node'),
        example('rke images load --file images.tar.gz --local', 'into the Docker of this machine'),
      ],
      load: async () => (await import('../commands/images-load.ts')).imagesLoadCommand,
    },
  ],
}
