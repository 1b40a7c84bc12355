# Sourced by entrypoint.sh. The original fills gaps of /etc/kubernetes/cloud-config from Azure's metadata
# service with Azure's own command line; neither is here, so the file stays as it was written.
set_azure_config() {
  echo 'no Azure here: /etc/kubernetes/cloud-config is used as it is' >&2
}
