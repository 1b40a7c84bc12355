import type { CommandSpec, Flag } from './command-spec.ts'
import { example, planOutput } from './common-flags.ts'

const ids: Flag = {
  name: 'name',
  type: 'list',
  value: 'name',
  help: 'the document, by the first digits of its SHA-256; may be repeated',
}

/** Kubernetes versions, images and manifests from documents of the user. */
export const metadataCommand: CommandSpec = {
  name: 'metadata',
  help: 'Kubernetes versions and manifests of RKE releases',
  group: 'Configuration',
  flags: [],
  commands: [
    {
      name: 'import',
      help: 'take versions, images, flags and manifests over from an RKE release, for all later runs',
      flags: [
        {
          name: 'source',
          type: 'string',
          value: 'file',
          help: 'URL or path of an rke executable, best of RKE 1.6, for any system, or of a data.json',
        },
      ],
      words: 'source',
      examples: [
        example(
          'rke metadata import /usr/local/bin/rke',
          'from an executable of RKE 1.6, which knows all versions that RKE ran',
        ),
        example('rke metadata import ./data.json', 'from a document'),
      ],
      load: async () => (await import('../commands/metadata-import.ts')).metadataImportCommand,
    },
    {
      name: 'list',
      aliases: ['ls'],
      help: 'print what was imported, the document that goes first on top',
      flags: [{ ...planOutput, help: 'format of the list: text or json' }],
      words: 'refused',
      examples: [example('rke metadata list', 'with the newest version of each')],
      load: async () => (await import('../commands/metadata-list.ts')).metadataListCommand,
    },
    {
      name: 'show',
      help: 'print what is in an imported document',
      flags: [ids, { ...planOutput, help: 'format: text or json' }],
      words: 'names',
      examples: [example('rke metadata show 1f3a', 'all its Kubernetes versions')],
      load: async () => (await import('../commands/metadata-show.ts')).metadataShowCommand,
    },
    {
      name: 'remove',
      aliases: ['rm'],
      help: 'give an imported document up',
      flags: [ids],
      words: 'names',
      examples: [example('rke metadata remove 1f3a', 'what is built in counts again')],
      load: async () => (await import('../commands/metadata-remove.ts')).metadataRemoveCommand,
    },
  ],
}
