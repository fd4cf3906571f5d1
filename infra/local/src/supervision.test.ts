import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

import { freePort } from './ports.ts'
import { repository } from './repository.ts'
import { type Supervision, superviseProgram } from './supervision.ts'
import { untilTrue } from './waiting.ts'

/** A connection that is not kept for later. */
const alone = { headers: { connection: 'close' } }

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ott-supervision-'))
})

afterAll(() => rm(folder, { recursive: true }))

/** A program that is ready at once, and ends by itself when it is asked to. */
const program = `
  import { createServer } from 'node:http'
  const answer = (request, response) => {
    if (request.url === '/stuck') { console.log('stuck'); process.exit(1) }
    response.end(String(process.pid))
  }
  createServer(answer).listen(process.env.PORT, '127.0.0.1', () => console.log('up'))
`

async function start(text: string, supervision: Partial<Supervision> = {}) {
  const file = join(folder, `${await freePort()}.mjs`)
  await writeFile(file, text)
  const [port, logFile] = [String(await freePort()), `${file}.log`]
  const said: string[] = []
  const options = { name: 'worker', file: relative(repository, file), env: { PORT: port }, logFile }
  const supervised = await superviseProgram(options, {
    say: (what) => said.push(what),
    pausesMs: [10, 20],
    ...supervision,
  })
  const url = `http://127.0.0.1:${port}`
  return {
    supervised,
    url,
    said,
    logFile,
    getStuck: () => fetch(`${url}/stuck`, alone).catch(() => undefined),
    /** Its process id, once it answers. */
    untilUp: async (): Promise<string> => {
      let pid = ''
      await untilTrue(async () => {
        pid = await fetch(url, alone).then(
          (response) => response.text(),
          () => '',
        )
        return pid !== ''
      })
      return pid
    },
  }
}

test('a program that ends by itself is started again where it was, which is told, and its last words are kept', async () => {
  const { supervised, url, said, logFile, getStuck, untilUp } = await start(program)
  await supervised.untilReady()
  const before = await untilUp()
  await getStuck()
  expect(await untilUp()).not.toBe(before)
  expect(said).toEqual(['worker has ended (exit code 1). It is started again in 0.01 s; its log tells why it ended.'])
  expect(await readFile(logFile, 'utf8')).toBe('up\nstuck\nup\n')
  await supervised.stop(5000)
  await expect(fetch(url, alone)).rejects.toThrow()
  expect(said).toHaveLength(1)
})

test('a program that ends before it was ready is not started again', async () => {
  const { supervised, said } = await start('console.log("bad environment"); process.exit(1)')
  await expect(supervised.untilReady()).rejects.toThrow(/ended \(exit code 1\) before it was ready:\nbad environment/)
  expect(await supervised.ended).toBe('exit code 1')
  expect(said).toEqual([])
})

test('a program that ends again and again is given up; one that was well in between is not', async () => {
  const hasty = await start(program)
  await hasty.supervised.untilReady()
  for (let time = 0; time < 3; time += 1) {
    await hasty.untilUp()
    await hasty.getStuck()
  }
  expect(await hasty.supervised.ended).toBe('exit code 1')
  expect(hasty.said).toHaveLength(2)
  expect(hasty.supervised.tail()).toMatch(/stuck$/)

  const steady = await start(program, { steadyMs: 0 })
  await steady.supervised.untilReady()
  for (let time = 0; time < 4; time += 1) {
    await steady.untilUp()
    await steady.getStuck()
  }
  await steady.untilUp()
  expect(steady.said).toHaveLength(4)
  await steady.supervised.stop(5000)
})

test('a program that is to be started again is not, once all is to stop', async () => {
  const { supervised, said, getStuck } = await start(program, { pausesMs: [60_000] })
  await supervised.untilReady()
  await getStuck()
  await untilTrue(() => said.length === 1)
  await supervised.stop(5000)
  expect(await supervised.ended).toBe('exit code 1')
})
