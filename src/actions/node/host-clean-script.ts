/**
 * What a privileged container with the host's processes and network runs to take a cluster off a machine. Its
 * arguments are the folders to remove, `--`, those to take all files from, `--`, and those to remove if they
 * are empty; DEVICES, RULES and IP_SETS in its environment are extended regular expressions, of which none may be empty.
 * It ends with an error that lists what is left. Files and mounts are the host's: `nsenter` acts in the mount namespace of process 1.
 */
export const HOST_CLEAN_SCRIPT = `
on_host() { nsenter --target 1 --mount -- "$@"; }

# Processes of pods whose container runtime is not Docker: they are in control groups that the kubelet made.
pod_processes() { grep -l kubepods /proc/[0-9]*/cgroup 2>/dev/null | cut -d/ -f3; }
pids=$(pod_processes)
if [ -n "$pids" ]; then
  kill -9 $pids 2>/dev/null
  for _ in 1 2 3 4 5 6 7 8 9 10; do [ -z "$(pod_processes)" ] && break; sleep 0.2; done
fi

# Deepest mounts first. A pod's network namespace is a mount, too.
mounts() {
  cut -d' ' -f5 /proc/1/mountinfo | grep -E "^($1)" | sort -r
}
folders=""
for path in "$@"; do
  [ "$path" = -- ] && break
  folders="$folders|$path/"
done
for mount in $(mounts "\${folders#|}|/run/netns/cni-|/var/run/netns/cni-|/run/containerd/io.containerd.grpc.v1.cri/|/run/containerd/io.containerd.runtime.v2.task/k8s.io/"); do
  on_host umount -l "$mount" 2>/dev/null
done
on_host sh -c 'rm -f /run/netns/cni-*'

# 5: cali0123456789a@if4: <BROADCAST,MULTICAST,UP> …
for device in $(ip -o link 2>/dev/null | cut -d: -f2 | cut -d@ -f1 | tr -d ' ' | grep -xE "$DEVICES"); do
  ip link delete dev "$device"
done

# A table is written back without the cluster's chains and the rules that lead to them; all others stay.
for tool in iptables-legacy iptables-nft ip6tables-legacy ip6tables-nft; do
  command -v "$tool-save" >/dev/null 2>&1 || continue
  rules=$("$tool-save" 2>/dev/null) || continue
  echo "$rules" | grep -qE "$RULES" || continue
  echo "$rules" | grep -vE "$RULES" | "$tool-restore"
done
command -v ipset >/dev/null 2>&1 && for set in $(ipset list -name 2>/dev/null | grep -E "^($IP_SETS)"); do ipset destroy "$set"; done

left=""
while [ $# -gt 0 ]; do
  path=$1
  shift
  [ "$path" = -- ] && break
  on_host rm -rf "$path" || left="$left $path"
done
while [ $# -gt 0 ]; do
  path=$1
  shift
  [ "$path" = -- ] && break
  on_host sh -c '[ ! -e "$0" ] || find "$0" ! -type d -delete' "$path" || left="$left $path"
done
for path in "$@"; do on_host rmdir "$path" 2>/dev/null; done
[ -z "$left" ] || { echo "could not remove:$left" >&2; exit 1; }
`
