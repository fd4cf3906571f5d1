import { readFile } from 'node:fs/promises'

/** The kernel tells user programs of time in hundredths of a second, on every machine Linux runs on. */
const tickMicroseconds = 10_000

/** CPU time of a process since its start, in microseconds, of all its threads. */
export async function cpuOf(pid: number): Promise<number> {
  return toCpu(await readFile(`/proc/${pid}/stat`, 'utf8'))
}

/** What `/proc/<pid>/stat` says of it: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export function toCpu(stat: string): number {
  // The name, in parentheses, may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  if (Number.isNaN(ticks)) throw new Error(`this is no /proc/<pid>/stat: ${stat}`)
  return ticks * tickMicroseconds
}

/** What a process holds of the machine's memory, in bytes. */
export async function residentOf(pid: number): Promise<number> {
  return toResident(await readFile(`/proc/${pid}/status`, 'utf8'))
}

/** What `/proc/<pid>/status` says of it. */
export function toResident(status: string): number {
  const kilobytes = /^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1]
  if (kilobytes === undefined) throw new Error('/proc/<pid>/status has no VmRSS')
  return Number(kilobytes) * 1024
}
