import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1'
import { PodMonitor, PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1'
import { Deployment } from 'kubernetes-models/apps/v1'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, Namespace, Pod, Service, ServiceAccount } from 'kubernetes-models/v1'

import type { Manifest } from './manifests.ts'

const kinds = [
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  Namespace,
  NetworkPolicy,
  Pod,
  PodDisruptionBudget,
  PodMonitor,
  PrometheusRule,
  ScaledObject,
  Service,
  ServiceAccount,
]

/** What Kubernetes' own schemas have against an object: values that they do not take, and fields that they do not know. */
export function faultsOfManifest(manifest: Manifest): string[] {
  const Kind = kinds.find(({ apiVersion, kind }) => apiVersion === manifest.apiVersion && kind === manifest.kind)
  if (Kind === undefined) return [`no schema for ${manifest.apiVersion} ${manifest.kind}`]
  const unread = new Set<string>()
  try {
    // The schemas take fields that they do not know, as an older server would: those are the ones that nobody looks at.
    const model: { validate: () => void } = Reflect.construct(Kind, [manifest])
    watch(model, '', unread).validate()
  } catch (error) {
    return [String(error)]
  }
  return [...unread].map((path) => `nobody reads ${path}`)
}

/** An object that strikes each of its fields off `unread` when it is read. */
function watch<Value extends object>(value: Value, path: string, unread: Set<string>): Value {
  const watched = new Map<string | symbol, unknown>()
  for (const key of Object.keys(value)) unread.add(`${path}/${key}`)
  return new Proxy(value, {
    get(target, key, receiver): unknown {
      const read: unknown = Reflect.get(target, key, receiver)
      if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return read
      unread.delete(`${path}/${key}`)
      if (typeof read !== 'object' || read === null) return read
      const child = watched.get(key) ?? watch(read, `${path}/${key}`, unread)
      watched.set(key, child)
      return child
    },
  })
}
