import { Button } from "../parts/button.tsx";
import { Form } from "../parts/form.tsx";
import { Notice } from "../parts/notice.tsx";
import { Said } from "../parts/said.tsx";
import type { Words } from "../words/en.ts";
import { type ConsoleFrame, ConsoleLayout } from "./layout.tsx";
import { type SharedThings, type ShareFields, sharePath } from "./share.tsx";

/** What follows from a share, counted in people. */
export interface EffectFacts {
  /** Else whomever it names count as one. */
  readonly isCounted: boolean;
  /** Whether not all of them were looked at. */
  readonly isPartial: boolean;
  readonly newcomers: number;
  readonly gainers: number;
  readonly losers: number;
  readonly unchanged: number;
  readonly keptOut: number;
  /** What allows it already, and what keeps people out, each in a sentence of the catalogue. */
  readonly allowedBy: readonly string[];
  readonly deniedBy: readonly string[];
}

export interface ShareReviewPageProps {
  readonly frame: ConsoleFrame;
  readonly things: SharedThings;
  /** Sent along, to be saved or to be changed. */
  readonly fields: ShareFields;
  readonly change: { readonly policy: string; readonly version: number } | null;
  /** What is shared, in a sentence of the catalogue. */
  readonly sentence: string;
  readonly effect: EffectFacts | null;
  readonly obstacle: keyof Words["share"]["review"]["obstacles"] | null;
  /** Who is written to, and whether a letter can be sent; null: nobody. */
  readonly letter: { readonly address: string; readonly canBeSent: boolean } | null;
  /** What the page was made of, and what makes one share of a form that is sent twice. */
  readonly shown: { readonly seen: string; readonly key: string };
  /** Something changed since it was shown before; `to`: what the share itself was changed to, in a sentence; null: it was not. */
  readonly conflict: { readonly to: string | null } | null;
}

/** A share as it would be, and what follows from it; nothing is saved yet. */
export function ShareReviewPage(props: ShareReviewPageProps) {
  const { frame, things, sentence, change, conflict } = props;
  const words = frame.words.share.review;
  const title = change === null ? words.title : words.titleOfChange;
  return (
    <ConsoleLayout frame={frame} place="things" title={title}>
      {conflict !== null && <Conflict frame={frame} to={conflict.to} />}
      <h1>{title}</h1>
      <p class="lead">
        <Said text={sentence} />
      </p>
      <Effect {...props} />
      <Form frame={frame} action={sharePath(frame, things)} hidden={hiddenOf(props)}>
        {things.ids.slice(1).map((id) => (
          <input type="hidden" name="also" value={id} />
        ))}
        {props.fields.acts.map((act) => (
          <input type="hidden" name="act" value={act} />
        ))}
        <div class="action">
          <Button kind="main" name="step" value="save">
            {change === null ? words.share : words.save}
          </Button>
          <Button name="step" value="edit">
            {words.edit}
          </Button>
        </div>
      </Form>
      <p>
        <a href={`${frame.console}/things/${encodeURIComponent(things.ids[0] ?? "")}`}>{frame.words.share.back}</a>
      </p>
    </ConsoleLayout>
  );
}

function hiddenOf({ fields, change, shown }: ShareReviewPageProps) {
  return {
    with: fields.kind,
    address: fields.address,
    group: fields.group,
    app: fields.app,
    every_act: fields.everyAct ? "yes" : null,
    reach: fields.reach,
    until: fields.until,
    asks_first: fields.asksFirst ? "yes" : null,
    agreement_title: fields.agreementTitle,
    agreement_text: fields.agreementText,
    change: change?.policy ?? null,
    version: change === null ? null : String(change.version),
    seen: shown.seen,
    key: shown.key,
  };
}

function Conflict({ frame, to }: { readonly frame: ConsoleFrame; readonly to: string | null }) {
  const words = frame.words.share.review;
  return (
    <Notice kind="danger">
      <p>{words.changed}</p>
      {to !== null && (
        <>
          <p>{words.changedTo}</p>
          <p>
            <Said text={to} />
          </p>
        </>
      )}
    </Notice>
  );
}

function Effect({ frame, effect, obstacle, letter }: ShareReviewPageProps) {
  const words = frame.words.share.review;
  return (
    <>
      {obstacle !== null && (
        <Notice kind="danger">
          <p>{words.obstacles[obstacle]}</p>
        </Notice>
      )}
      {obstacle === null && effect !== null && <Counts frame={frame} effect={effect} />}
      {letter !== null && obstacle === null && (
        <p class="quiet">
          <Said text={(letter.canBeSent ? words.letter : words.noLetter)(letter.address)} />
        </p>
      )}
    </>
  );
}

function Counts({ frame, effect }: { readonly frame: ConsoleFrame; readonly effect: EffectFacts }) {
  const words = frame.words.share.review;
  const { newcomers, gainers, losers, unchanged, keptOut } = effect;
  const isNothing = newcomers + gainers + losers === 0 && keptOut === 0;
  return (
    <>
      {sentencesOf(words, effect).map((sentence) => (
        <p>{sentence}</p>
      ))}
      {isNothing && (
        <Reasons lead={effect.allowedBy.length > 0 ? words.nothing : words.nothingAtAll} reasons={effect.allowedBy} />
      )}
      {!isNothing && effect.isCounted && unchanged > keptOut && <p>{words.unchanged(unchanged - keptOut)}</p>}
      {keptOut > 0 && (
        <Reasons lead={effect.isCounted ? words.keptOut(keptOut) : words.crowdKeptOut} reasons={effect.deniedBy} />
      )}
    </>
  );
}

function sentencesOf(words: Words["share"]["review"], effect: EffectFacts): readonly string[] {
  const { isCounted, isPartial, newcomers, gainers, losers } = effect;
  const changes = { newcomers, gainers, losers };
  const kinds = (["newcomers", "gainers", "losers"] as const).filter((kind) => changes[kind] > 0);
  if (!isCounted) return kinds.map((kind) => words.crowd[kind]);
  return kinds.map((kind) =>
    kind === "newcomers" && isPartial ? words.newcomersAtLeast(newcomers) : words[kind](changes[kind]),
  );
}

function Reasons({ lead, reasons }: { readonly lead: string; readonly reasons: readonly string[] }) {
  return (
    <>
      <p>{lead}</p>
      {reasons.length > 0 && (
        <ul>
          {reasons.map((reason) => (
            <li>
              <Said text={reason} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
