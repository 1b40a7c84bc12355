/** The command that restores a snapshot, to be copied into a shell: names that RKE accepts may have spaces, quotes and `$`. */
export function restoreCommand(name: string): string {
  const isPlain = /^[\w.:@%+=,/-]+$/.test(name)
  return `rke etcd snapshot-restore --name ${isPlain ? name : `'${name.replaceAll("'", String.raw`'\''`)}'`}`
}
