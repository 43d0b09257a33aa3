import { Said } from "./said.tsx";

interface StepsProps {
  readonly label: string;
  readonly steps: readonly string[];
  /** Index of the step that is being taken. */
  readonly current: number;
}

/** How far somebody is on a way of several pages. */
export function Steps({ label, steps, current }: StepsProps) {
  return (
    <ol class="steps" aria-label={label}>
      {steps.map((step, index) => (
        <li class={index < current ? "done" : undefined} aria-current={index === current ? "step" : undefined}>
          <Said text={step} />
        </li>
      ))}
    </ol>
  );
}
