/** The error codes of the API, under the names of its document. */
export const errorcodes = {
  unauthorized: 0,
  generic: 10_000,
  wrongType: 10_001,
  missing: 10_002,
  incorrectFormat: 10_003,
  unparsable: 10_004,
  invalidValue: 10_005,
  aggregate: 10_006,
  insufficientPrivileges: 20_002,
  notFound: 30_003,
  conflict: 30_004,
  throttled: 50_100,
  unavailable: 50_300,
} as const
