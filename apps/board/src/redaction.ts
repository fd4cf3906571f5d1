import { hider } from '@ott/delivery'
import { z } from 'zod'

/** What an operator is shown of a job. Whatever else there is in it stays out. */
const ShownJob = z.object({
  v: z.number(),
  delivery: z.object({
    account: z.string(),
    network: z.string(),
    sender: z.string(),
    recipient: z.object({ id: z.string().optional(), reference: z.string().optional() }),
    contents: z.array(z.object({ type: z.string() })),
    createdAt: z.number(),
  }),
})

const hidden = '…'

/** What of a job goes to the network, and could come back quoted. */
const SentJob = z.object({ delivery: z.object({ recipient: z.unknown(), contents: z.unknown() }) })

/** A job's data as the board shows it: who sent what kind of thing when, not what it said nor who it was for. */
export function showJobData(data: unknown): object {
  const job = ShownJob.safeParse(data)
  if (!job.success) return { hidden: 'It is not of a form that the board knows.' }
  const { account, network, sender, recipient, contents, createdAt } = job.data.delivery
  return {
    v: job.data.v,
    account,
    network,
    sender,
    recipient: { id: mask(recipient.id), reference: mask(recipient.reference) },
    contents: contents.map(({ type }) => type),
    createdAt: new Date(createdAt).toISOString(),
  }
}

/** Makes the function that takes out of a text whatever it quotes of a job's data. */
export function jobHider(data: unknown): (text: string) => string {
  const sent = SentJob.safeParse(data)
  return hider(sent.success ? sent.data : data)
}

/** The end of an id is enough to tell two apart, and too little to write to anybody. */
function mask(id: string | undefined): string | undefined {
  if (id === undefined) return undefined
  return id.length < 12 ? hidden : `${hidden}${id.slice(-4)}`
}
