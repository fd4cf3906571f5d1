import { once } from 'node:events'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

import { expect, test } from '@jest/globals'

import { aLineUser, senders, useApi } from './use-api.ts'
import { header, row, useLoadFiles } from './use-load-files.ts'
import { canLendTerminal, startOnTerminal, startOtt } from './use-ott.ts'

const api = useApi()
const files = useLoadFiles()

const asLine = (key: string, person: string) =>
  JSON.stringify({
    MessageKey: key,
    from: { senderType: 'line', senderId: senders.line },
    to: { ottId: person },
    message: { contents: [{ type: 'text', text: 'Hello' }] },
  })
const nothingWrong = { refused: 0, report: null, interrupted: false, failure: null }

test('each row of a CSV file reaches its person, and a second run sends nothing', async () => {
  const person = aLineUser()
  const quoted = `,line,${senders.line},${person},"Two lines,\nand a ""comma"""`
  const file = await files.write('campaign.csv', `\uFEFF${header}`, row('a', person), '', quoted)
  const { code, stdout } = await api.program(['load', file])
  expect({ code, stdout }).toEqual({ code: 0, stdout: `✓ 2 rows of ${file}: 2 accepted, 0 refused.\n` })
  await api.untilReceived(person, 2)
  expect(await api.received(person)).toContainEqual({ type: 'text', text: 'Two lines,\nand a "comma"' })
  const again = { file, rows: 2, accepted: 2, replayed: 0, alreadyLoaded: true, ...nothingWrong }
  expect(await api.json(['load', file])).toEqual(again)
})

test('when it is not known how far a load has come, no row with a messageKey is sent a second time', async () => {
  const person = aLineUser()
  const file = await files.write('lost.ndjson', asLine('lost-a', person), asLine('lost-b', person))
  expect(await api.json(['load', file])).toMatchObject({ file, rows: 2, replayed: 0, ...nothingWrong })
  await api.untilReceived(person, 2)
  await rm(`${file}.ott-load.json`)
  await files.write('lost.ndjson', asLine('lost-c', person), asLine('lost-b', person), asLine('lost-a', person))
  expect(await api.json(['load', file])).toMatchObject({ accepted: 3, replayed: 2 })
  await api.untilReceived(person, 3)
})

test('refused rows are reported with number and reason, and the report can be mended and loaded', async () => {
  const person = aLineUser()
  const more = `${header},contents`
  const file = await files.write(
    'some.csv',
    more,
    `${row('some-a', person)},`,
    `some-b,line,404,${person},Hello,`,
    `some-c,line,${senders.line},${person},,{`,
    'some-d,line',
  )
  const { code, stdout } = await api.run(['load', file])
  expect(code).toBe(1)
  expect(stdout).toContain(`4 rows of ${file}: 1 accepted, 3 refused.\nThe refused are in ${file}.refused.ndjson`)
  const report = await readFile(`${file}.refused.ndjson`, 'utf8')
  const unregistered = 'Sender Id provided is either unregistered or inactive'
  const lines: unknown[] = report
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toMatchObject([
    {
      row: 3,
      status: 400,
      errorcode: 10006,
      message: `Please fix the following errors: ${unregistered}`,
      validationErrors: [{ message: unregistered, errorcode: 10005 }],
      request: { messageKey: 'some-b' },
    },
    { row: 4, message: 'The contents are not valid JSON' },
    { row: 5, message: 'The row has 2 cells, and the header 6' },
  ])
  expect((await stat(`${file}.refused.ndjson`)).mode & 0o077).toBe(0)

  const [first = ''] = report.split('\n')
  await writeFile(`${file}.refused.ndjson`, first.replace('"404"', JSON.stringify(senders.line)))
  expect(await api.json(['load', `${file}.refused.ndjson`])).toMatchObject({ rows: 1, accepted: 1, refused: 0 })
  await api.untilReceived(person, 2)
})

test('when the API refuses the client, it stops with the reason and goes on later', async () => {
  const file = await files.write('away.csv', header, row('away-a', aLineUser()))
  const wrong = { env: { OTT_CLIENT_SECRET: 'hunter2' } }
  const { code, stdout, stderr } = await api.run(['load', file], wrong)
  expect(code).toBe(1)
  expect(stdout).toBe(`0 rows of ${file}: 0 accepted, 0 refused.\n`)
  expect(stderr).toMatch(/^error: no token: .* The same command goes on with the next row\.\n$/)
  expect(stderr).not.toContain('hunter2')
  expect(await api.json(['load', file])).toMatchObject({ accepted: 1 })
})

test('a file that has changed meanwhile, or was loaded elsewhere, is not sent, and it is told how to begin anew', async () => {
  const file = await files.write('changed.csv', header, row('changed-a', aLineUser()))
  await api.json(['load', file])
  const elsewhere = await api.run(['load', file], { env: { OTT_CLIENT_ID: 'another' } })
  expect(elsewhere).toMatchObject({ code: 1, stdout: '' })
  expect(elsewhere.stderr).toContain('by another client or elsewhere')
  await files.write('changed.csv', header, row('changed-b', aLineUser()))
  const changed = await api.run(['load', file])
  expect(changed).toMatchObject({ code: 1, stdout: '' })
  expect(changed.stderr).toMatch(/has changed since .* remove the \.ott-load\.json/)
})

test('it keeps the rate, and without a terminal tells every second how far it has come', async () => {
  const rows = Array.from({ length: 25 }, (_row, number) => row(`rate-${number}`, aLineUser()))
  const file = await files.write('rate.csv', header, ...rows)
  const child = startOtt(['load', file, '--rate', '10/s'], api.env())
  child.stdin.end()
  const said: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line))
  await Promise.all([text(child.stdout), once(child, 'close')])
  expect(said.length).toBeGreaterThanOrEqual(1)
  for (const line of said) expect(line).toMatch(/^\d+ of 25 rows, 0 refused · ([1-9]|1[0-5])\/s$/)
})

test.each([
  ['bad.csv', [`${header},txt`], [], 2, 'Unknown columns: "txt". There are: messageKey, '],
  ['bad.csv', ['text,Text'], [], 2, 'The column text is there twice.'],
  ['bad.csv', [header, 'a,"b'], [], 1, 'cannot be read as CSV after row 1'],
  ['nowhere.csv', [], [], 1, 'nowhere.csv cannot be read'],
  ['bad.txt', ['{}'], [], 2, 'give --format csv or --format ndjson'],
  ['bad.csv', [header], ['--delimiter', ';;'], 2, 'It must be one character'],
  ['bad.csv', [header], ['--concurrency', '0'], 2, 'It must be a whole number from 1 to 64'],
])('of %s with %j and %j nothing is sent', async (name, lines, args, expected, message) => {
  const file = lines.length === 0 ? files.path(name) : await files.write(name, ...lines)
  const { code, stdout, stderr } = await api.run(['load', file, ...args])
  expect({ code, stdout }).toEqual({ code: expected, stdout: '' })
  expect(stderr).toContain(message)
})

const onTerminal = canLendTerminal ? test : test.skip

onTerminal('on a terminal it shows a bar, with the rate and the time that is left', async () => {
  const rows = Array.from({ length: 20 }, (_row, number) => row(`bar-${number}`, aLineUser()))
  const file = await files.write('bar.csv', header, ...rows)
  const child = startOnTerminal(['load', file, '--rate', '20'], { ...api.env(), NO_COLOR: '1' })
  child.stdin.end()
  const shown = await text(child.stdout)
  expect(shown).toMatch(/\d+ % · \d+ of 20 rows, 0 refused · \d+\/s · \S+ left/)
  expect(shown).toContain('20 accepted, 0 refused.')
})
