import type { Server } from "../support/server/start-server.ts";
import { applyLoad, type LoadRequest, type LoadResult, median } from "./load.ts";

export interface Sample extends LoadResult {
  /** Microseconds of the server's processors for one request; null where /proc cannot be asked. */
  readonly cpuMicros: number | null;
}

export async function sample(
  server: Pick<Server, "cpuSeconds">,
  requests: readonly LoadRequest[],
  concurrency: number,
): Promise<Sample> {
  const before = server.cpuSeconds();
  const result = await applyLoad(requests, concurrency);
  const after = server.cpuSeconds();
  const cpuMicros = before === null || after === null ? null : ((after - before) * 1e6) / result.requests;
  return { ...result, cpuMicros };
}

/** Requests a second at the median. */
export function rate(samples: readonly Sample[]): number {
  return median(samples.map(rateOf));
}

/** Microseconds of processor time at the median. */
export function cpu(samples: readonly Sample[]): number {
  return median(samples.map(cpuOf));
}

export function rateOf({ requests, seconds }: Sample): number {
  return requests / seconds;
}

export function cpuOf({ cpuMicros }: Sample): number {
  return cpuMicros ?? Number.NaN;
}
