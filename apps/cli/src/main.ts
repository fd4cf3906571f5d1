import { ott } from './ott.ts'

// A reader that has seen enough, such as `head`, has closed the pipe.
process.stdout.on('error', () => process.exit())

await ott(process.argv.slice(2))
