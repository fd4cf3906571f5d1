import { isOneOfSeveral, runProgram } from '@ott/runtime'

import { Environment } from './environment.ts'
import { serve, serveWithOthers } from './serve.ts'

await runProgram('ingress', Environment, (program) =>
  program.environment.INGRESS_PROCESSES > 1 && !isOneOfSeveral() ? serveWithOthers(program) : serve(program),
)
