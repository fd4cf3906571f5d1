import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { repository } from '@ott/local'
import { DockerfileParser } from 'dockerfile-ast'

/** infra/Dockerfile, as it is written. */
export const dockerfileText = await readFile(join(repository, 'infra/Dockerfile'), 'utf8')

/** infra/Dockerfile, parsed. */
export const dockerfile = DockerfileParser.parse(dockerfileText)

/** What follows an instruction's word, each time that it stands in a stage: 0 builds, 1 is the image. */
export function argumentsOf(keyword: string, stage: 0 | 1): string[] {
  const lines = dockerfile.getFROMs().map((from) => from.getRange().start.line)
  const [start = 0, end = Number.POSITIVE_INFINITY] = lines.slice(stage)
  return dockerfile
    .getInstructions()
    .filter((each) => each.getKeyword() === keyword)
    .map((each) => ({ line: each.getRange().start.line, text: each.getArgumentsContent() ?? '' }))
    .filter(({ line }) => line > start && line < end)
    .map(({ text }) => text)
}
