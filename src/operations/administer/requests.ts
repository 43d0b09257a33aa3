import { ProtocolError } from "../../shared/error.ts";
import type { RequestLog, Story } from "../ports/event.ts";

/**
 * What happened in one request, or in several that came under the same id; oldest first.
 * @throws ProtocolError not_found when none is kept: it ended just now or over an hour ago, never came, or was left out of many.
 */
export async function loadStories(
  { requestLog }: { readonly requestLog: Pick<RequestLog, "find"> },
  requestId: string,
): Promise<readonly Story[]> {
  const stories = await requestLog.find(requestId);
  if (stories.length > 0) return stories;
  throw new ProtocolError(
    "not_found",
    "no request of this id is kept: it ended less than a second or more than an hour ago, was left out of too many at once, " +
      "or never came under this id: take the X-Request-ID of the answer",
  );
}
