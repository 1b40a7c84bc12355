#!/bin/bash
# Starts one Kubernetes component inside the Kubernetes image. First argument: the component; the rest: its flags.
# Kept as slow as the original on purpose (the kubelet waits 10 s), so that times measured here mean something; tests that
# measure nothing say otherwise (RKE_TESTBED_KUBELET_WAIT, in seconds).
set -x

tools=/opt/rke-tools
component=$1
shift
flags=("$@")

has_flag() { [[ " ${flags[*]} " == *"$1"* ]]; }

# Which of the two iptables back ends the host uses may have changed since the last start.
case $component in
  kubelet | kube-proxy) update-alternatives --set iptables /usr/sbin/iptables-wrapper ;;
esac

if [ "$component" = kube-proxy ] && [ "${RKE_KUBE_PROXY_BR_NETFILTER:-}" = true ]; then
  modprobe br_netfilter || true
fi

case $component in
  kubelet | kube-apiserver | kube-controller-manager)
    if has_flag cloud-provider=azure; then
      . "$tools/cloud-provider.sh"
      set_azure_config
    fi
    ;;
esac

# Without an override the node is called what the cloud calls the machine, or what it calls itself.
case $component in
  kubelet | kube-proxy)
    if ! has_flag hostname-override; then
      metadata=http://169.254.169.254/latest
      token=$(curl -s -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$metadata/api/token")
      name=$(curl -s -m 5 -f -H "X-aws-ec2-metadata-token: $token" "$metadata/meta-data/hostname")
      flags+=("--hostname-override=${name:-$(hostname -f)}")
    fi
    ;;
  *) exec "$component" "${flags[@]}" ;;
esac
[ "$component" = kubelet ] || exec "$component" "${flags[@]}"

# From here on: the kubelet.

cgroup_driver=$("$tools/bin/docker" info --format '{{.CgroupDriver}}')
cgroup_version=$("$tools/bin/docker" info --format '{{.CgroupVersion}}')
docker_root=$(DOCKER_API_VERSION=1.24 "$tools/bin/docker" info --format '{{.DockerRootDir}}')

# This container was given copies of the host's mounts. Left alone, they would keep the file systems of pods
# busy after the pods are gone.
kept=$(find "$docker_root" -maxdepth 1)
for place in "$docker_root" /var/lib/docker /run /var/run; do
  tac /proc/mounts | cut -d' ' -f2 | while read -r point; do
    case $point in
      /run/nscd | /var/run/nscd) ;;
      "$place"/*) [[ $kept == *"$point"* ]] || umount "$point" || true ;;
    esac
  done
done

mount --rbind /host/dev /dev
mount -o remount,rw /sys/fs/cgroup || true

if [ "$cgroup_version" != 2 ]; then
  for controller in /sys/fs/cgroup/*/; do
    mkdir -p "$controller/kubepods" || true
  done
  # Some distributions name these two pairs in the other order.
  for pair in cpu,cpuacct:cpuacct,cpu net_cls,net_prio:net_prio,net_cls; do
    from=/sys/fs/cgroup/${pair%:*}
    to=/sys/fs/cgroup/${pair#*:}
    if [ -d "$from" ]; then
      mkdir -p "$to" && mount --bind "$from" "$to" || true
    fi
  done
fi

mkdir -p /opt/cni /etc/cni
chcon -Rt svirt_sandbox_file_t /etc/cni || true
chcon -Rt svirt_sandbox_file_t /opt/cni || true
sysctl -w net.bridge.bridge-nf-call-iptables=1 || true

# The node reports the host's operating system, not this image's.
for release in /host/usr/lib/os-release /host/etc/os-release /host/usr/share/ros/os-release; do
  if [ -f "$release" ]; then
    ln -sf "$release" /usr/lib/os-release
    break
  fi
done

resolv=()
if has_flag --resolv-conf=/etc/resolv.conf && pgrep -f systemd-resolved >/dev/null &&
  [ -f /run/systemd/resolve/resolv.conf ]; then
  resolv=(--resolv-conf=/run/systemd/resolve/resolv.conf)
fi

if [ -n "${RKE_KUBELET_DOCKER_CONFIG:-}" ]; then
  { set +x; } 2>/dev/null
  base64 -d <<<"$RKE_KUBELET_DOCKER_CONFIG" | tee "$RKE_KUBELET_DOCKER_FILE"
  set -x
fi

if [ "${RKE_KUBELET_CRIDOCKERD:-}" != true ]; then
  exec kubelet "${flags[@]}" "--cgroup-driver=$cgroup_driver" "${resolv[@]}"
fi

if [ -n "${RKE_KUBELET_DOCKER_CONFIG:-}" ]; then
  mkdir -p /.docker
  touch /.docker/config.json
  mount --bind "$RKE_KUBELET_DOCKER_FILE" /.docker/config.json
fi

runtime=(--network-plugin=cni --cni-conf-dir=/etc/cni/net.d --cni-bin-dir=/opt/cni/bin)
endpoint=
for flag in "${flags[@]}"; do
  case $flag in
    --pod-infra-container-image=*) runtime+=("$flag") ;;
    --container-runtime-endpoint=*) endpoint=${flag#*=} ;;
  esac
done
if [ "$endpoint" = /var/run/dockershim.sock ]; then endpoint=unix://$endpoint; fi
stream=${CRIDOCKERD_STREAM_SERVER_ADDRESS:-127.0.0.1}:${CRIDOCKERD_STREAM_SERVER_PORT:-10010}
runtime+=("--container-runtime-endpoint=$endpoint" "--streaming-bind-addr=$stream")
if [ "${RKE_KUBELET_CRIDOCKERD_DUALSTACK:-}" = true ]; then runtime+=(--ipv6-dual-stack); fi

"$tools/bin/cri-dockerd" "${runtime[@]}" &
sleep "${RKE_TESTBED_KUBELET_WAIT:-10}"
kubelet "${flags[@]}" "--cgroup-driver=$cgroup_driver" "${resolv[@]}" &

# Whichever ends takes the container down; Docker starts both again.
wait -n
exit $?
