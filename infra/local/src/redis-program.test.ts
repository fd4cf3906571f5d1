import { beforeEach, expect, test } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { ensureRedisServer, findRedisServer } from './redis-program.ts'
import { usePath } from './use-path.ts'

const { folder, addProgram } = usePath()

/** An apt-get that notes what it was told, and installs once its lists are fresh. */
const aptGet = () => `
  echo "$DEBIAN_FRONTEND $*" >> ${folder()}/calls
  case "$*" in
    *update*) : > ${folder()}/fresh ;;
    *) [ -e ${folder()}/fresh ] || { echo "E: Unable to locate package"; exit 100; }
       : > ${folder()}/redis-server; /bin/chmod 755 ${folder()}/redis-server ;;
  esac`

const said: string[] = []
const say = (what: string) => void said.push(what)
beforeEach(() => void said.splice(0))

test('Redis goes before Valkey, and either will do', async () => {
  expect(await findRedisServer()).toBeUndefined()
  await addProgram('valkey-server', '')
  expect(await findRedisServer()).toBe(join(folder(), 'valkey-server'))
  await addProgram('redis-server', '')
  expect(await findRedisServer()).toBe(join(folder(), 'redis-server'))
})

test('where there is a server nothing is installed', async () => {
  await addProgram('redis-server', '')
  await addProgram('apt-get', aptGet())
  await ensureRedisServer(say, true)
  await expect(readFile(join(folder(), 'calls'))).rejects.toThrow()
  expect(said).toEqual([])
})

test('root on Debian gets redis-server installed without a question, after fresh lists if need be', async () => {
  await addProgram('apt-get', aptGet())
  await ensureRedisServer(say, true)
  expect(said).toEqual([expect.stringMatching(/^Installing redis-server with apt-get/)])
  expect((await readFile(join(folder(), 'calls'), 'utf8')).trim().split('\n')).toEqual([
    'noninteractive -q -y install --no-install-recommends redis-server',
    'noninteractive -q -y update',
    'noninteractive -q -y install --no-install-recommends redis-server',
  ])
})

test('anybody else is told what to do instead', async () => {
  await addProgram('apt-get', aptGet())
  await expect(ensureRedisServer(say, false)).rejects.toThrow(/apt-get install[^]*brew install[^]*REDIS_URL/)
  await expect(readFile(join(folder(), 'calls'))).rejects.toThrow()
})

test('a failed installation is shown with what apt-get said, and with what else can be done', async () => {
  await addProgram('apt-get', 'echo "E: Could not get lock" >&2; exit 100')
  await expect(ensureRedisServer(say, true)).rejects.toThrow(/Could not get lock[^]*REDIS_URL/)
})
