import type { World } from "../server/world.ts";

/**
 * Writes the stories that still wait. Test files share a runtime, and what another one did within the last second may
 * leave no room for more.
 */
export async function writeStories(world: World): Promise<void> {
  await world.admin("GET", "/requests/whatever-waits");
}
