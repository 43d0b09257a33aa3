import { Button } from "../parts/button.tsx";
import { Form } from "../parts/form.tsx";
import { Notice } from "../parts/notice.tsx";
import { Said } from "../parts/said.tsx";
import type { ConsoleFrame } from "./layout.tsx";

/** What has just been shared, or was undone. */
export interface SavedShareFacts {
  readonly what: "shared" | "changed" | "undone" | "notUndone";
  /** What the form that undoes it sends; null: it cannot be undone. */
  readonly undo: string | null;
  /** Who was written to; null: nobody had to be. */
  readonly letter: { readonly address: string; readonly isSent: boolean; readonly link: string } | null;
  /** The thing that the page is about. */
  readonly thing: string;
}

/** Tells that something was saved, and lets it be undone. */
export function SavedShare({ frame, saved }: { readonly frame: ConsoleFrame; readonly saved: SavedShareFacts }) {
  const words = frame.words.share.notices;
  const { what, undo, letter, thing } = saved;
  const action = `${frame.console.slice(frame.base.length)}/things/${encodeURIComponent(thing)}/share/undo`;
  return (
    <Notice kind={what === "notUndone" ? "danger" : "good"}>
      <p>{words[what]}</p>
      {letter !== null && (
        <>
          <p>
            <Said text={(letter.isSent ? words.sent : words.notSent)(letter.address)} />
          </p>
          {!letter.isSent && (
            <p>
              <code class="link">{letter.link}</code>
            </p>
          )}
        </>
      )}
      {undo !== null && (
        <Form frame={frame} action={action} hidden={{ at: undo }}>
          <Button>{words.undo}</Button>
        </Form>
      )}
    </Notice>
  );
}
