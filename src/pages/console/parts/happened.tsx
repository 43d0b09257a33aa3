import type { Child } from "hono/jsx";
import { Said } from "../../parts/said.tsx";
import { Time, type TimeForm } from "../../parts/time.tsx";
import type { ConsoleFrame } from "../layout.tsx";

interface HappenedProps {
  readonly frame: ConsoleFrame;
  readonly sentence: string;
  /** Epoch seconds. */
  readonly at: number;
  readonly form: TimeForm;
  /** Through which app, or by whom. */
  readonly origin: string;
  /** How often, where more than once, in words; stands behind the rest. */
  readonly times?: string | null;
  /** What else is told of it. */
  readonly children?: Child;
}

/** Something that happened, as a row of a list. */
export function Happened({ frame, sentence, at, form, origin, times = null, children }: HappenedProps) {
  return (
    <li class="row">
      <div class="about">
        <p>
          <Said text={sentence} />
        </p>
        <p class="quiet">
          <Time frame={frame} at={at} form={form} />
          {" · "}
          <Said text={origin} />
          {times !== null && ` · ${times}`}
        </p>
        {children}
      </div>
    </li>
  );
}
