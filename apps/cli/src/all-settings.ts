import { EndpointEnvironment } from '@ott/networks'
import { CredentialsEnvironment } from '@ott/registry'
import { RedisEnvironment } from '@ott/runtime'
import { z } from 'zod'

import { ApiEnvironment } from './api.ts'
import { FileEnvironment } from './settings.ts'

/** All that commands read of the environment; each reads what it needs, and a required one only where it needs that. */
export const AllSettings = z.object({
  ...RedisEnvironment.shape,
  ...CredentialsEnvironment.shape,
  ...EndpointEnvironment.shape,
  ...ApiEnvironment.shape,
  ...FileEnvironment.shape,
})
