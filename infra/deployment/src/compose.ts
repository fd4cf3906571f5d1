import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { repository } from '@ott/local'
import { parse } from 'yaml'
import { z } from 'zod'

import type { Variables } from './programs.ts'

const Text = z.union([z.string(), z.number()]).transform(String)

const Service = z.object({
  image: z.string(),
  build: z.object({ dockerfile: z.string(), args: z.record(z.string(), z.string()) }).optional(),
  environment: z.record(z.string(), Text.nullable()).default({}),
  ports: z.array(z.string()).default([]),
  command: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  working_dir: z.string().optional(),
  networks: z.array(z.string()).default(['default']),
  restart: z.string(),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  stop_grace_period: z.string().optional(),
  deploy: z.object({ resources: z.object({ limits: z.object({ cpus: z.string(), memory: z.string() }) }) }),
})

/** A service of infra/compose.yaml, with the environment that its container has. */
export type Service = Omit<z.output<typeof Service>, 'environment'> & { readonly environment: Variables }

/** infra/compose.yaml as Compose reads it with these variables, its anchors resolved. Throws when one is missing that must be set. */
export async function readCompose(variables: Variables): Promise<unknown> {
  const text = await readFile(join(repository, 'infra/compose.yaml'), 'utf8')
  const interpolated = (_key: unknown, value: unknown): unknown =>
    typeof value === 'string' ? interpolate(value, variables) : value
  return parse(text, interpolated, { merge: true })
}

/** The services of infra/compose.yaml, by name. */
export async function readServices(variables: Variables): Promise<Readonly<Record<string, Service>>> {
  const { services } = z.object({ services: z.record(z.string(), Service) }).parse(await readCompose(variables))
  const resolved = Object.entries(services).map(([name, service]) => [name, resolve(service, variables)] as const)
  return Object.fromEntries(resolved)
}

/** A variable that is named without a value has that of infra/.env, and is none where that has none. */
function resolve(service: z.output<typeof Service>, variables: Variables): Service {
  const environment = Object.entries(service.environment).flatMap(([name, value]) => {
    const given = value ?? variables[name]
    return given === undefined ? [] : [[name, given] as const]
  })
  return { ...service, environment: Object.fromEntries(environment) }
}

/** https://docs.docker.com/reference/compose-file/interpolation/, as far as we use it. */
function interpolate(text: string, variables: Variables): string {
  return text.replaceAll(/\$\$|\$\{(\w+)(?::([-?])([^}]*))?\}/g, (all, name: string | undefined, how, rest: string) => {
    if (name === undefined) return '$'
    const value = variables[name] ?? ''
    if (value !== '') return value
    if (how === '-') return rest
    throw new Error(`${name} is not set: ${all}`)
  })
}
