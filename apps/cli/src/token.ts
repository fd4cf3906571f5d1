import type { Command } from '@commander-js/extra-typings'

import { apiSettingsHelp, explaining, openApi } from './api.ts'
import { print, printJson } from './print.ts'

/** `ott token`: an access token, for trying the API by hand. */
export function addTokenCommand(ott: Command): void {
  ott
    .command('token')
    .description('print an access token of the client that the environment names')
    .option('--json', 'print JSON, with the time it has')
    .addHelpText(
      'after',
      `${apiSettingsHelp}

Example:
  curl -s http://127.0.0.1:8080/ott/v1/registration/line -H "authorization: Bearer $(npm run -s ott -- token)"`,
    )
    .action(async ({ json: asJson }) => {
      const api = openApi()
      const { accessToken, expiresInSeconds } = await explaining(api, () => api.client.accessToken())
      if (asJson) printJson({ access_token: accessToken, expires_in: expiresInSeconds })
      else print(accessToken)
    })
}
