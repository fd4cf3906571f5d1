/** How much is measured. */
export type Sizes = {
  readonly rounds: number
  /** Of each round. */
  readonly messages: number
  /** Of programs that have just been started. */
  readonly warmUp: number
  /** Of programs that have run warm in an earlier scenario. */
  readonly warmUpAgain: number
  /** How long an open loop lasts. */
  readonly openSeconds: number
  /** How long is spent on what the disk takes. */
  readonly diskSeconds: number
  /** Its offered loads, in requests a second. */
  readonly rates: readonly number[]
  readonly providerLatenciesMs: readonly number[]
  readonly senders: readonly number[]
  /** How many wait already where many do. */
  readonly waiting: number
  /** Over how many deliveries their memory is taken. */
  readonly weighed: number
  readonly soakSeconds: number
  readonly idleSeconds: number
  /** What one sender floods with, and over how long it is looked at what others notice. */
  readonly flood: { readonly messages: number; readonly perSecond: number; readonly seconds: number }
}

/** CPU time comes in hundredths of a second: so many messages make that a hundredth of a round at most. */
export const usual: Sizes = {
  rounds: 5,
  messages: 20_000,
  warmUp: 30_000,
  warmUpAgain: 5000,
  openSeconds: 20,
  diskSeconds: 2,
  rates: [500, 1000, 2000],
  providerLatenciesMs: [0, 100, 1000],
  senders: [1, 10, 1000],
  waiting: 1_000_000,
  weighed: 20_000,
  soakSeconds: 60,
  idleSeconds: 10,
  flood: { messages: 50_000, perSecond: 600, seconds: 90 },
}

/** For a look within two minutes: figures are right within some 10 %. */
export const quick: Sizes = {
  rounds: 2,
  messages: 2000,
  warmUp: 6000,
  warmUpAgain: 500,
  openSeconds: 2,
  diskSeconds: 1,
  rates: [500],
  providerLatenciesMs: [0, 100],
  senders: [1, 1000],
  waiting: 20_000,
  weighed: 3000,
  soakSeconds: 2,
  idleSeconds: 2,
  flood: { messages: 7200, perSecond: 600, seconds: 12 },
}
