/** What went wrong, and what to do about it, in words for the person at the terminal. Ends the program with exit code 1. */
export class Failure extends Error {
  override readonly name: string = 'Failure'
}

/** The command was not given as it must be. Ends the program with exit code 2. */
export class UsageFailure extends Failure {
  override readonly name = 'UsageFailure'
}
