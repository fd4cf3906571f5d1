import { join } from 'node:path'

import { repository } from '@ott/local'
import { BadEnvironment, readEnvironment } from '@ott/runtime'
import { z } from 'zod'

export type Variables = Readonly<Record<string, string>>

/** What Node itself reads, and the C library. */
const nodeVariables = ['NODE_ENV', 'NODE_OPTIONS', 'MALLOC_ARENA_MAX']

/** Where a program reads it, OpenTelemetry's SDK does the rest: it reads dozens of its own, all named likewise. */
const tracing = 'OTEL_TRACES_EXPORTER'

/** What a program has against the environment that it is given: variables that it does not read, and values that it does not take. */
export async function faultsOf(app: string, variables: Variables): Promise<string[]> {
  const read = await variablesOf(app)
  const known = new Set([...nodeVariables, ...read])
  const isKnown = (name: string): boolean => known.has(name) || (read.includes(tracing) && name.startsWith('OTEL_'))
  const unread = Object.keys(variables).filter((name) => !isKnown(name))
  return [...unread.map((name) => `${app} does not read ${name}`), ...faultsOfValues(await schemaOf(app), variables)]
}

/** The names of the variables that a program reads. */
export async function variablesOf(app: string): Promise<string[]> {
  const { properties = {} } = z.toJSONSchema(await schemaOf(app), { io: 'input', unrepresentable: 'any' })
  return Object.keys(properties)
}

/** The schema that the program itself reads its environment with. */
async function schemaOf(app: string): Promise<z.ZodType> {
  const module: unknown = await import(join(repository, 'apps', app, 'dist/environment.js'))
  return z.object({ Environment: z.instanceof(z.ZodType) }).parse(module).Environment
}

function faultsOfValues(Environment: z.ZodType, variables: Variables): string[] {
  try {
    readEnvironment(Environment, variables)
    return []
  } catch (error) {
    if (error instanceof BadEnvironment) return [error.message]
    throw error
  }
}
