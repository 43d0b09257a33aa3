import type { Config } from "../../config.ts";
import { hourlyPace } from "../../protocol/pace.ts";
import type { Pacer } from "../ports/pace.ts";

/**
 * Counts letters that nobody has asked for, whoever brings them about: many accounts must not send more than one.
 * @returns seconds to wait; 0: they may go.
 */
export function paceInSum({
  pacer,
  config,
}: {
  readonly pacer: Pacer;
  readonly config: Pick<Config, "mailsPerHour">;
}): Promise<number> {
  return pacer.take("notices", hourlyPace(config.mailsPerHour));
}
