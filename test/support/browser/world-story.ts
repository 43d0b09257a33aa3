import { SampleWorld } from "./sample-world.ts";
import { story, usherOfTheRun } from "./story.ts";

/** The first story of a file waits for its world, which is three Workers to be built. */
export const WITH_WORLD = { timeout: 180_000 };

/** A story that goes on in the sample world, too. One world serves a file. */
// biome-ignore lint/correctness/noEmptyPattern: by this pattern vitest knows that it needs no other fixture
export const worldStory = story.extend("sample", { scope: "file" }, async ({}, { onCleanup }) => {
  const sample = await SampleWorld.start(usherOfTheRun());
  onCleanup(() => sample.end());
  return sample;
});
