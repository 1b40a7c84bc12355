import { SNAPSHOT_MOUNT } from '../../node-paths.ts'
import { TAIL_BYTES } from '../../snapshots/read-members.ts'
import { HEAD_BYTES } from '../../snapshots/recognise-file.ts'
import { RESULTS } from './reader-container.ts'

/**
 * Lists the files of the snapshot folder, or those named as arguments, in the file `list` of the results: one line for each, of name, size,
 * time of the last change in seconds since 1970, first bytes, and of archives last bytes; bytes and names in Base64. For the shell
 * and tools of busybox and of Debian.
 */
export const LIST_SCRIPT = `
set -u
mkdir -p ${RESULTS} && cd ${SNAPSHOT_MOUNT} || exit 1
encoded() { base64 | tr -d '\\n'; }
[ $# -gt 0 ] || set -- * .[!.]*
for file; do
  [ -f "./$file" ] || continue
  about=$(stat -c '%s %Y' "./$file") || continue
  name=$(printf %s "$file" | encoded)
  head=$(head -c ${HEAD_BYTES} "./$file" | encoded)
  case $file in
    *.zip) tail=$(tail -c ${TAIL_BYTES} "./$file" | encoded) ;;
    *) tail= ;;
  esac
  echo "$name $about \${head:-=} \${tail:-=}"
done >${RESULTS}/list
`
