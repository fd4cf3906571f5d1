import { type Program, startProgram } from '@ott/local'

/** A program's variables. */
export type Environment = Readonly<Record<string, string | undefined>>

/** An ingress as it runs in production; it may not be ready yet. */
export async function startIngress(env: Environment): Promise<Program> {
  return startProgram({ name: 'ingress', file: 'apps/ingress/dist/main.js', env, ports: ['PORT', 'HEALTH_PORT'] })
}

/** The callbacks program as it runs in production; it may not be ready yet. */
export async function startCallbacks(env: Environment): Promise<Program> {
  return startProgram({ name: 'callbacks', file: 'apps/callbacks/dist/main.js', env, ports: ['HEALTH_PORT'] })
}

/** A network's worker as it runs in production; it may not be ready yet. */
export async function startWorker(network: string, env: Environment): Promise<Program> {
  return startProgram({
    name: `worker-${network}`,
    file: 'apps/worker/dist/main.js',
    env: { ...env, NETWORK: network },
    ports: ['HEALTH_PORT'],
  })
}
