import { SNAPSHOT_MOUNT } from '../../node-paths.ts'
import { LARGEST_STATE } from '../../snapshots/check-members.ts'
import { HASH_BYTES } from '../../snapshots/database-size.ts'
import { GZIP_HEADER } from '../../snapshots/gzip-form.ts'
import { RESULTS } from './reader-container.ts'
import { octal, UNPACKED } from './snapshot-arguments.ts'

/** KiB of disk that are left free when a database is unpacked. */
const RESERVE = 64 * 1024

/**
 * Reads snapshots from their beginning to their end, for the shell and tools of busybox and of Debian. Arguments: the folder for
 * databases, then ten for each snapshot (`snapshotArguments`). What it finds about the n-th one it leaves in the folder n of the results:
 *
 * | File | |
 * |---|---|
 * | `problem` | why nothing was read: `missing`, `foreign`, or `space` and the KiB that are free |
 * | `inflated` | exit code of gzip, which compares checksum and size; not of plain snapshots |
 * | `size`, `hash`, `trailer` | of the database: bytes, hex SHA-256 of all but the last 32, and these |
 * | `status`, `status-error`, `status-code` | what etcd's tool says, where the image has one |
 * | `state`, `state-inflated` | the state file, and the exit code of gzip |
 * | `encrypted` | without a state, of the database: what stands before values that Kubernetes has encrypted, each once |
 * | `kept` | the database has the hash that was asked for, and is in the folder now |
 *
 * Deflated data becomes a gzip file by a header and the trailer that the directory of the archive gives.
 */
export const READ_SCRIPT = `
set -u
umask 077
work=$1
shift
mkdir -p "$work" ${RESULTS} || exit 1
tool=$(command -v etcdutl || command -v etcdctl || :)

# inflate FILE OFFSET LENGTH TRAILER CODE: the content of a member; CODE is a file for the exit code of gzip
inflate() {
  from=$1 at=$2 count=$3 end=$4 code=$5
  set -- $(tail -c +$((at + 1)) "$from" 2>/dev/null | head -c 30 | od -An -v -tu1)
  if [ $# -ne 30 ] || [ "$1 $2 $3 $4" != '80 75 3 4' ]; then
    echo 1 >"$code"
    return
  fi
  shift 26
  start=$((at + 31 + $1 + 256 * $2 + $3 + 256 * $4))
  {
    printf '${octal(GZIP_HEADER)}'
    tail -c +$start "$from" 2>/dev/null | head -c "$count"
    printf "$end"
  } | {
    gzip -dc 2>/dev/null
    echo $? >"$code"
  }
}

# sum: the SHA-256 of what comes in. openssl is three times as fast where processors have instructions for it
if [ "$(printf x | openssl dgst -sha256 -r 2>/dev/null | head -c 8)" = 2d711642 ]; then
  sum() { openssl dgst -sha256 -r | head -c 64; }
else
  sum() { sha256sum | head -c 64; }
fi

# hashed BYTES RESULT: the sum of all but the trailer of what comes in
hashed() {
  head -c $(($1 - ${HASH_BYTES})) | sum >"$2"
  cat >/dev/null
}

# trailer FILE: its last 32 bytes, as a sum is written
trailer() {
  tail -c ${HASH_BYTES} "$1" | od -An -v -tx1 | tr -d ' \\n'
}

# has FILE HASH: this database is there, whole
has() {
  [ -f "$1" ] && [ "$(trailer "$1")" = "$2" ] || return 1
  [ "$(head -c $(($(wc -c <"$1") - ${HASH_BYTES})) "$1" | sum)" = "$2" ]
}

problem() {
  echo "$*" >"$out/problem"
}

# content: the database of the snapshot, as far as it can be read
content() {
  if [ "$form" = plain ]; then
    head -c "$bytes" "$file"
  else
    inflate "$file" "$offset" "$length" "$ending" "$out/inflated"
  fi
}

# recognised: the content begins as that of a database does
recognised() {
  set -- $(content | head -c 20 | od -An -v -tu1)
  [ $# -eq 20 ] || return 1
  shift 16
  [ "$*" = '237 218 12 237' ] || [ "$*" = '237 12 218 237' ]
}

# room BYTES: there is as much in the folder for databases
room() {
  needed=$(($1 / 1024 + ${RESERVE}))
  set -- $(df -Pk "$work" | tail -n 1)
  free=$4
  [ "$needed" -le "$free" ]
}

# encrypted DATABASE: providers and keys that have written into it, or did before: pages that are free are read, too
encrypted() {
  tr -cs '!-~' '\\n' <"$1" | grep -o 'k8s:enc:[a-z0-9]*:v[0-9]*:[^:]*:' | sort -u | head -n 100
}

# one FILE FORM BYTES OFFSET LENGTH TRAILER STATE-OFFSET STATE-LENGTH STATE-TRAILER WANTED
one() {
  file=${SNAPSHOT_MOUNT}/$1 form=$2 bytes=$3 offset=$4 length=$5 ending=$6 wanted=\${10}
  [ "$form" = plain ] && name=$1 || name=\${1%.zip}
  [ -f "$file" ] || { problem missing; return; }
  if [ "$wanted" != - ] && has "$work/$name" "$wanted"; then
    echo yes >"$out/kept"
    return
  fi
  [ "$8" -eq 0 ] ||
    inflate "$file" "$7" "$8" "$9" "$out/state-inflated" | head -c ${LARGEST_STATE} >"$out/state"
  if [ "$wanted" = ${UNPACKED} ]; then
    wanted=-
    beside=${SNAPSHOT_MOUNT}/$name
    [ -f "$beside" ] && [ "$(wc -c <"$beside")" -eq "$bytes" ] && form=plain file=$beside
  fi
  recognised || { problem foreign; return; }
  if [ "$form" = plain ] && [ "$wanted" = - ]; then
    database=$file
    content | hashed "$bytes" "$out/hash"
  else
    database=$work/$name.part
    room "$bytes" || { problem space "$free"; return; }
    content | head -c $((bytes + 1)) | tee "$database" | hashed "$bytes" "$out/hash"
  fi
  wc -c <"$database" >"$out/size"
  trailer "$database" >"$out/trailer"
  if [ "$wanted" = - ]; then
    [ "$8" -ne 0 ] || encrypted "$database" >"$out/encrypted"
    if [ -n "$tool" ]; then
      ETCDCTL_API=3 "$tool" snapshot status "$database" -w json >"$out/status" 2>"$out/status-error"
      echo $? >"$out/status-code"
    fi
  elif [ "$(cat "$out/hash")" = "$wanted" ] && [ "$(cat "$out/trailer")" = "$wanted" ]; then
    mv -f "$database" "$work/$name" && echo yes >"$out/kept"
  fi
  [ "$database" = "$file" ] || rm -f "$database"
}

number=0
while [ $# -ge 10 ]; do
  out=${RESULTS}/$number
  mkdir -p "$out" || exit 1
  one "$@"
  shift 10
  number=$((number + 1))
done
`
