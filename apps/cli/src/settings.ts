import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'

import { readEnvironment } from '@ott/runtime'
import { z } from 'zod'

import { Failure } from './failure.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** Where `npm start` writes the keys and the Redis of what it runs on this machine. */
const localFile = fileURLToPath(new URL('../../../.data/local.env', import.meta.url))

/** Which file makes up for what the environment does not set. */
export const FileEnvironment = z.object({
  OTT_ENV_FILE: z
    .string()
    .optional()
    .describe(
      'what the environment does not set is read from this file; .data/local.env in the repository, unless set',
    ),
})

/** For --help: where the settings come from. */
export const settingsHelp = `
Settings, from the environment:
  REDIS_URL        where Redis is (default: redis://127.0.0.1:6379)
  CREDENTIALS_KEY  the key that senders' secrets are sealed with, the same as the ingress and the workers have
  ENDPOINT_HOSTS   the hosts senders may have their endpoints at (default: api.line.me,graph.facebook.com)
What the environment does not set is read from .data/local.env in the repository, which \`npm start\` keeps for what it runs on
this machine (another file: OTT_ENV_FILE); not so when REDIS_URL is set to another Redis than that file's. All there are, those of
commands that call the API too: docs/configuration.md, or ott --help --json.`

/** Reads what a command needs. Throws a BadEnvironment that names every fault. */
export function readSettings<Schema extends z.ZodType>(schema: Schema): z.output<Schema> {
  return readEnvironment(schema, withLocal(process.env))
}

/** Whether a setting is made at all. */
export function isSet(name: string): boolean {
  return Boolean(withLocal(process.env)[name])
}

/** The file speaks of one Redis: its keys would spoil what another one keeps. */
function withLocal(environment: Variables): Variables {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const local = readLocal(readEnvironment(FileEnvironment, set).OTT_ENV_FILE)
  if (set['REDIS_URL'] !== undefined && set['REDIS_URL'] !== local['REDIS_URL']) return set
  return { ...local, ...set }
}

function readLocal(named: string | undefined): Variables {
  try {
    return parseEnv(readFileSync(named ?? localFile, 'utf8'))
  } catch (error) {
    if (named === undefined) return {}
    throw new Failure(`OTT_ENV_FILE is ${named}, which cannot be read. Name a file of KEY=value lines, or unset it.`, {
      cause: error,
    })
  }
}
