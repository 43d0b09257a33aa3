import { MAX_THINGS_SHARED_AT_ONCE } from "../../shared/limits.ts";
import { Button } from "../parts/button.tsx";
import { CheckboxGroup } from "../parts/choice.tsx";
import { said } from "../words/said.ts";
import type { ConsoleFrame } from "./layout.tsx";

interface ShareSeveralProps {
  readonly frame: ConsoleFrame;
  readonly things: readonly { readonly id: string; readonly name: string | null }[];
}

/** A way to share several of the things of a list at once, folded away: most share one. */
export function ShareSeveral({ frame, things }: ShareSeveralProps) {
  const words = frame.words.share.several;
  if (things.length < 2) return null;
  const options = things.slice(0, MAX_THINGS_SHARED_AT_ONCE).map(({ id, name }) => ({
    value: id,
    label: name === null ? frame.words.shares.targets.nameless : said`${name}`,
  }));
  return (
    <details>
      <summary>{words.title}</summary>
      <form method="get" action={`${frame.console}/share`} novalidate>
        <CheckboxGroup frame={frame} name="thing" legend={words.which} options={options} selected={[]} />
        <Button>{frame.words.share.go}</Button>
      </form>
    </details>
  );
}
