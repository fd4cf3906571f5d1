import { randomUUID } from 'node:crypto'

import type { Command } from '@commander-js/extra-typings'
import { type Client, DeliveryFailed, DeliveryUnderWay, type SentStatus } from '@ott/client'

import { apiSettingsHelp, explaining, openApi } from './api.ts'
import { Failure, UsageFailure } from './failure.ts'
import { print, printJson, styled, toBlock } from './print.ts'
import { toSeconds } from './rate.ts'
import { Request, toContents, toRecipient, usualValidity } from './send-options.ts'
import { networkNames } from './sender-options.ts'
import { whileWaiting } from './waiting.ts'

const usualWaitSeconds = 60

const examples = `
With --wait it ends with exit code 0 once the network has taken the message, and with 1 if it fails or takes longer.
${apiSettingsHelp}

Examples:
  ott send --to line:U0123456789abcdef0123456789abcdef --from 1234567890 --text "Hello" --wait
  ott send --to messenger:6000000000000001 --from 100200300 --text "It is on its way" --messaging-type UPDATE
  ott send --to line:U0123456789abcdef0123456789abcdef --from 1234567890 \\
    --contents '[{"type":"image","url":"https://…","altUrl":"https://…"},{"type":"text","text":"Look"}]' --json`

/** `ott send`: one message to one person. */
export function addSendCommand(ott: Command): void {
  ott
    .command('send')
    .description('send one message to one person')
    .requiredOption('--to <network:id>', `to whom: ${networkNames}, and the id there`, toRecipient)
    .requiredOption('--from <id>', 'the sender: its channel id or page id')
    .option('--text <text>', 'what it says')
    .option('--contents <json>', 'or its contents, as the API takes them', toContents)
    .option('--user-reference <reference>', "LINE's reply token, or Messenger's user_ref")
    .option('--messaging-type <type>', 'for Messenger: RESPONSE, UPDATE or MESSAGE_TAG')
    .option('--tag <tag>', 'of a MESSAGE_TAG')
    .option('--notification-type <type>', 'REGULAR, SILENT_PUSH or NO_PUSH')
    .option('--key <messageKey>', 'your label of it, by which its status is found too (default: a new one)')
    .option('--validity <period>', 'how long it is worth delivering, in ISO 8601', usualValidity)
    .option('--idempotency-key <key>', 'with the same one and the same message, there is one delivery')
    .option('--wait [seconds]', `wait until the network has taken it (${usualWaitSeconds} s unless said)`, toSeconds)
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action(async ({ json: asJson = false, wait, idempotencyKey, ...message }) => {
      const request = toRequest(message)
      const api = openApi()
      const accepted = await explaining(api, () =>
        whileWaiting(`Sending to ${api.url}`, api.client.send(request, { idempotencyKey })),
      )
      if (wait === undefined) {
        if (asJson) printJson(accepted)
        else print(`${styled('green', '✓')} Accepted: ${accepted.ottRequestId}`)
        return
      }
      const timeoutMs = (wait === true ? usualWaitSeconds : wait) * 1000
      const sent = await explaining(api, () => untilSent(api.client, accepted.ottRequestId, timeoutMs))
      if (asJson) printJson({ ...accepted, ...sent })
      else print(toText(accepted.ottRequestId, sent))
    })
}

type Message = {
  readonly to: ReturnType<typeof toRecipient>
  readonly from: string
  readonly text?: string | undefined
  readonly contents?: readonly object[] | undefined
  readonly userReference?: string | undefined
  readonly messagingType?: string | undefined
  readonly tag?: string | undefined
  readonly notificationType?: string | undefined
  readonly key?: string | undefined
  readonly validity: string
}

function toRequest({ to, from, text, contents, userReference, key, validity, ...keys }: Message) {
  if ((text === undefined) === (contents === undefined)) throw new UsageFailure('Give either --text or --contents.')
  const { messagingType, tag, notificationType } = keys
  return Request.parse({
    messageKey: key ?? randomUUID(),
    from: { senderType: to.network, senderId: from },
    to: { ottId: to.id, userReference },
    message: { contents: contents ?? [{ type: 'text', text }], customKeys: [{ messagingType, tag, notificationType }] },
    validityPeriod: validity,
  })
}

/** Waits until the network has it. Throws a Failure that tells why not. */
async function untilSent(client: Client, id: string, timeoutMs: number): Promise<SentStatus> {
  try {
    return await whileWaiting('Waiting until it is sent', client.waitUntilSent(id, { timeoutMs }))
  } catch (error) {
    const expected = error instanceof DeliveryFailed || error instanceof DeliveryUnderWay
    throw expected ? new Failure(`${id}: ${error.message}`, { cause: error }) : error
  }
}

function toText(id: string, { sent }: SentStatus): string {
  const facts = toBlock({
    Delivery: id,
    Via: sent.via,
    'Message ids': sent.messageIds.join(' '),
    ...(sent.confirmed === false && { Confirmed: 'no: the network never said so, and all points to it' }),
  })
  return `${styled('green', '✓')} Sent\n${facts}`
}
