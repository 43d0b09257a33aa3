import type { Frame } from "../frame.ts";
import { Time } from "./time.tsx";

interface LastUsedProps {
  readonly frame: Frame;
  /** Epoch seconds; null: not used yet. */
  readonly at: number | null;
}

/** When something was last of use, after a dot in a line about it. */
export function LastUsed({ frame, at }: LastUsedProps) {
  const words = frame.words.layout;
  if (at === null) return <>{` · ${words.neverUsed}`}</>;
  return (
    <>
      {` · ${words.lastUsed} `}
      <Time frame={frame} at={at} form="moment" />
    </>
  );
}
