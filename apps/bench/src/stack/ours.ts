import { randomBytes } from 'node:crypto'
import { join } from 'node:path'

import { runOnce, startProgram } from '@ott/local'
import { request } from 'undici'
import { z } from 'zod'

import { senderId } from '../load/message.ts'
import type { Ingress, Recipe, RecipeOptions } from './recipe.ts'
import { startClusteredRedis, startSingleRedis } from './stack-redis.ts'

const Client = z.object({ client_id: z.string(), client_secret: z.string() })
const Token = z.object({ access_token: z.string() })

/** It is checked and counted for every request all the same. */
const requestsPerSecond = 1_000_000

/** A sender's pace is kept all the same. */
const beyondPace = '100000'

const account = 'bench'

const registeredAtATime = 16

/** Our stack as it is in production: with its defaults, logging at info. */
export function ours(options: RecipeOptions): Recipe {
  return { ...programs(options, 1), name: 'ours', queues: queuesOf(['line']), startRedis: startSingleRedis }
}

/** Our stack with as many queues as its Redis Cluster has nodes. A worker has as many messages in hand as with one queue. */
export function oursOnCluster(options: RecipeOptions): Recipe {
  const names = ['{line-0}', '{line-1}', '{line-2}']
  const concurrency = Math.ceil(options.concurrency / names.length)
  return {
    ...programs({ ...options, concurrency }, names.length),
    name: 'ours on a cluster',
    queues: queuesOf(names),
    startRedis: startClusteredRedis,
  }
}

function queuesOf(names: readonly string[]): Recipe['queues'] {
  return { prefix: 'ott', names }
}

type Programs = Omit<Recipe, 'name' | 'queues' | 'startRedis'>

function programs({ folder, networkUrl, concurrency, profiles }: RecipeOptions, shards: number): Programs {
  const keys = { CREDENTIALS_KEY: newKey(), TOKEN_KEY: newKey() }
  const envFor = (redisUrl: string, name: string) => ({
    ...keys,
    REDIS_URL: redisUrl,
    QUEUE_SHARDS: String(shards),
    ENDPOINT_HOSTS: new URL(networkUrl).host,
    REQUESTS_PER_SECOND: String(requestsPerSecond),
    ...profilingTo(profiles, name),
  })
  const workerEnv = { NETWORK: 'line', CONCURRENCY: String(concurrency) }
  return {
    indexPrefix: `ott:key:${account}:`,
    startIngress: async (redisUrl) => {
      const env = envFor(redisUrl, 'ingress')
      const program = await startProgram({
        name: 'our ingress',
        file: fileOf('ingress', profiles),
        env,
        ports: ['PORT', 'HEALTH_PORT'],
        logFile: join(folder, 'ingress.log'),
      })
      await program.untilReady()
      return { child: program, ...(await openApi(program.url, { ...env, NODE_OPTIONS: '' }, networkUrl)) }
    },
    startWorker: async (redisUrl, index, paced) => {
      const program = await startProgram({
        name: `our worker ${index}`,
        file: fileOf('worker', profiles),
        env: { ...envFor(redisUrl, `worker-${index}`), ...workerEnv, ...(!paced && { PACE_PERCENT: beyondPace }) },
        ports: ['HEALTH_PORT'],
        logFile: join(folder, `worker-${index}.log`),
      })
      await program.untilReady()
      return program
    },
  }
}

/** What is profiled runs as the files that its bundle is made of, so that what takes time can be told apart. */
function fileOf(app: string, profiles: string | undefined): string {
  return `apps/${app}/dist/${profiles === undefined ? 'main' : 'program'}.js`
}

function profilingTo(folder: string | undefined, name: string): Readonly<Record<string, string>> {
  if (folder === undefined) return {}
  return { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder} --cpu-prof-name=${name}.cpuprofile` }
}

type Api = Omit<Ingress, 'child'>

/** Makes a client, whose token goes with each request; senders are registered once. */
async function openApi(url: string, env: Readonly<Record<string, string>>, networkUrl: string): Promise<Api> {
  const scopes = 'ott_chat_messaging_send ott_channels_write'
  const args = ['client', 'create', '--name', 'bench', '--account', account, '--scope', scopes, '--json']
  const client = Client.parse(JSON.parse(await runOnce({ file: 'apps/cli/dist/main.js', args, env })))
  let [authorization, registered] = ['', 0]
  const headers = (): Record<string, string> => ({ authorization })
  const register = async (senders: number): Promise<void> => {
    while (registered < senders) {
      const sender = toSender(registered, networkUrl)
      registered += 1
      await post(`${url}/ott/v1/registration`, sender, headers())
    }
  }
  return {
    url: `${url}/ott/v1/send`,
    headers,
    prepare: async (senders) => {
      const answer = await post(`${url}/v2/token`, { grant_type: 'client_credentials', ...client })
      authorization = `Bearer ${Token.parse(JSON.parse(answer)).access_token}`
      await Promise.all(Array.from({ length: registeredAtATime }, () => register(senders)))
    },
  }
}

function toSender(sender: number, networkUrl: string): object {
  return {
    ottPlatformName: 'line',
    ottPlatformAttributes: {
      channelId: senderId(sender),
      channelName: `Bench ${sender}`,
      channelSecret: 'channel-secret',
      isTransactional: 1,
      isTestChannel: 1,
      endpointUrl: `${networkUrl}/line/v2/bot/message`,
      isActive: 1,
    },
  }
}

async function post(url: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const answer = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const text = await answer.body.text()
  if (answer.statusCode > 299) throw new Error(`${url} answered ${answer.statusCode}: ${text}`)
  return text
}

function newKey(): string {
  return randomBytes(32).toString('base64')
}
