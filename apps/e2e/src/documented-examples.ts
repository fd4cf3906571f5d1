import { z } from 'zod'

const Media = z.object({
  content: z.record(
    z.string(),
    z.object({ examples: z.record(z.string(), z.object({ value: z.unknown() })).default({}) }),
  ),
})
const Operation = z.object({
  requestBody: Media.optional(),
  responses: z.record(z.string(), Media.partial()),
})
const Document = z.object({
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  webhooks: z.record(z.string(), z.object({ post: Operation })),
})

type Part = Partial<z.output<typeof Media>> | undefined

function examplesOf(part: Part): Map<string, unknown> {
  const examples = Object.entries(part?.content?.['application/json']?.examples ?? {})
  return new Map(examples.map(([name, { value }]) => [name, value]))
}

/** The examples, by their names, that an ingress has in its document of what is sent with JSON, and answered. */
export async function documentedExamples(ingressUrl: string) {
  const { paths, webhooks } = Document.parse(await (await fetch(`${ingressUrl}/openapi.json`)).json())
  return {
    /** What is sent with a call. */
    sent: (path: string) => examplesOf(paths[path]?.['post']?.requestBody),
    /** What a call is answered with. */
    answered: (method: 'get' | 'post', path: string, status: number) =>
      examplesOf(paths[path]?.[method]?.responses[status]),
    /** What callbacks bring, of whatever type. */
    told: Object.values(webhooks).flatMap(({ post }) => Array.from(examplesOf(post.requestBody).values())),
  }
}
