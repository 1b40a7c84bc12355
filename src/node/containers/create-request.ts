import type { ContainerSpec } from '../../desired/container-spec.ts'
import type { CreateRequest, DockerInfo, HostConfigCreate } from '../docker/docker-types.ts'

/** Whether Docker labels containers for SELinux; the first form is that of API 1.24 and older. */
export function hasSelinux(info: Pick<DockerInfo, 'SecurityOptions'>): boolean {
  return info.SecurityOptions.some(
    (option) => option === 'selinux' || option.split(',')[0] === 'name=selinux',
  )
}

/**
 * A container's specification as Docker's create request. Whatever is empty is left out, because an empty
 * list is not the same to Docker: it takes the place of the image's own entrypoint, for one.
 */
export function createRequest(spec: ContainerSpec): CreateRequest {
  return {
    Image: spec.image,
    ...(spec.command.length === 0 ? {} : { Entrypoint: spec.command }),
    ...(spec.args.length === 0 ? {} : { Cmd: spec.args }),
    ...(spec.env.length === 0 ? {} : { Env: spec.env }),
    ...(Object.keys(spec.labels).length === 0 ? {} : { Labels: spec.labels }),
    ...(spec.user === undefined || spec.user === '' ? {} : { User: spec.user }),
    HostConfig: hostConfig(spec),
  }
}

function hostConfig(spec: ContainerSpec): HostConfigCreate {
  return {
    ...(spec.binds.length === 0 ? {} : { Binds: spec.binds }),
    ...(spec.volumesFrom.length === 0 ? {} : { VolumesFrom: spec.volumesFrom }),
    // Docker's own default is the bridge; RKE does not name it.
    ...(spec.network === 'bridge' ? {} : { NetworkMode: spec.network }),
    ...(spec.pid === undefined ? {} : { PidMode: spec.pid }),
    ...(spec.privileged ? { Privileged: true } : {}),
    ...(spec.restart === undefined ? {} : { RestartPolicy: { Name: spec.restart } }),
    ...(spec.securityOpt.length === 0 ? {} : { SecurityOpt: spec.securityOpt }),
  }
}
