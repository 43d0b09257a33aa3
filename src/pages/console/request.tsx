import { Button } from "../parts/button.tsx";
import { RadioGroup } from "../parts/choice.tsx";
import { ErrorSummary, type FieldErrors } from "../parts/error-summary.tsx";
import { Field, FieldError } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { App, type AppFacts, Person } from "../parts/identity.tsx";
import { Notice } from "../parts/notice.tsx";
import { Said } from "../parts/said.tsx";
import { Sentences } from "../parts/sentences.tsx";
import { inWords } from "../parts/time.tsx";
import type { Words } from "../words/en.ts";
import { plain } from "../words/said.ts";
import { type ConsoleFrame, ConsoleLayout } from "./layout.tsx";
import { asked, type WaitingFacts } from "./parts/request-card.tsx";
import type { RequestNotice } from "./requests.tsx";

/** A thing that is asked for, and each that would be done with it. */
export interface AskedThing {
  /** Null: it has no page any more. */
  readonly id: string | null;
  readonly name: string;
  readonly acts: readonly AskedAct[];
}

export interface AskedAct {
  /** The name of its checkbox. */
  readonly field: string;
  readonly label: string;
  readonly isChosen: boolean;
}

/** What is known of whoever asks, and who says so. */
export interface KnownFacts {
  readonly addresses: readonly string[];
  /** Who says what they are called; null: they do, or nobody. */
  readonly nameSaidBy: string | null;
  /** Who vouches for it that it is the same person; null: that cannot be told any more. */
  readonly issuer: string | null;
  /** Whether they have an account here. */
  readonly hasAccount: boolean;
}

export const UNTILS = ["always", "week", "month", "day"] as const;
export type Until = (typeof UNTILS)[number];

/** What was filled in, for a form that comes back. */
export interface DecisionForm {
  readonly until: Until;
  readonly lastDay: string;
  readonly word: string;
  readonly errors: {
    readonly allow?: keyof Words["requests"]["errors"];
    readonly last_day?: keyof Words["requests"]["errors"];
    readonly word?: keyof Words["requests"]["errors"];
  };
}

interface RequestPageProps {
  readonly frame: ConsoleFrame;
  readonly request: WaitingFacts & { readonly expiresAt: number };
  readonly known: KnownFacts;
  /** Null: it is no longer there. */
  readonly appFacts: AppFacts | null;
  readonly things: readonly AskedThing[];
  /** Whether who is allowed less than they ask for gets nothing. */
  readonly isAllOrNothing: boolean;
  readonly form: DecisionForm;
  readonly notice: RequestNotice | null;
}

/**
 * Who asks, through which app, for what, and the decision: all, less, for a time, or no with a word. Posts to
 * `…/decision`: `version`, `decision` (`choose`, `refuse`), the field of each act, `until`, `last_day` and `word`.
 */
export function RequestPage(props: RequestPageProps) {
  const { frame, request, form, notice } = props;
  const words = frame.words.requests;
  const path = `/console/${encodeURIComponent(frame.owner.id)}/requests/${encodeURIComponent(request.id)}`;
  return (
    <ConsoleLayout frame={frame} place="requests" title={plain(request.sentence)}>
      <ErrorSummary frame={frame} errors={errorsOf(props)} />
      {notice !== null && (
        <Notice kind="quiet">
          <p>{words.notices[notice]}</p>
        </Notice>
      )}
      <h1>
        <Said text={request.sentence} />
      </h1>
      <Known {...props} />
      <Form frame={frame} action={`${path}/decision`} hidden={{ version: String(request.version) }}>
        <Acts {...props} />
        <RadioGroup
          name="until"
          legend={words.until}
          options={UNTILS.map((value) => ({ value, label: words.untils[value] }))}
          selected={form.until}
        />
        <Field
          frame={frame}
          name="last_day"
          type="date"
          label={words.lastDay}
          value={form.lastDay}
          error={form.errors.last_day && words.errors[form.errors.last_day]}
        />
        <Field
          frame={frame}
          name="word"
          label={words.word}
          hint={words.wordHint}
          value={form.word}
          maxLength={200}
          error={form.errors.word && words.errors[form.errors.word]}
        />
        <Sentences
          title={words.told}
          sentences={[
            words.toldIfAllowed,
            props.isAllOrNothing ? words.toldIfLessIsNothing : words.toldIfLess,
            words.toldIfRefused,
            words.meanwhile,
          ]}
        />
        <div class="buttons">
          <Button kind="equal" name="decision" value="choose">
            {words.allowChosen}
          </Button>
          <Button kind="equal" name="decision" value="refuse">
            {words.refuseAll}
          </Button>
        </div>
      </Form>
      <p class="quiet">{words.expiry(inWords(new Date(request.expiresAt * 1_000), "day", frame))}</p>
    </ConsoleLayout>
  );
}

function errorsOf({ frame, things, form }: RequestPageProps): FieldErrors {
  const { errors } = frame.words.requests;
  const first = things[0]?.acts[0]?.field ?? "allow";
  return {
    ...(form.errors.allow === undefined ? {} : { [first]: errors[form.errors.allow] }),
    last_day: form.errors.last_day && errors[form.errors.last_day],
    word: form.errors.word && errors[form.errors.word],
  };
}

/** What is known of whoever asks, and how sure it is. */
function Known({ frame, request, known, appFacts }: RequestPageProps) {
  const words = frame.words.requests;
  const sentences = [
    known.nameSaidBy === null ? ownName(words, request) : words.known.name(known.nameSaidBy),
    known.addresses.length > 0 ? words.known.addresses(known.addresses) : words.known.noAddress,
    sameness(words, known),
  ];
  return (
    <section aria-labelledby="who">
      <h2 id="who">{words.who}</h2>
      <Person frame={frame} person={request.person} />
      <ul class="sentences plain">
        {known.addresses.slice(1).map((address) => (
          <li>
            <bdi>{address}</bdi>
          </li>
        ))}
        {sentences.map((sentence) => (
          <li class="quiet">
            <Said text={sentence} />
          </li>
        ))}
      </ul>
      {/* Where an app has no home page, nothing is known of it but its name. */}
      {appFacts !== null && appFacts.host !== null && <App frame={frame} app={appFacts} />}
      <p class="quiet">
        <Said text={words.agent(appFacts?.name ?? words.lostApp)} />
      </p>
      <p class="quiet">
        <Said text={words.through(request.app ?? words.lostApp)} />, {asked(frame, request)}
      </p>
    </section>
  );
}

function sameness({ known: words }: Words["requests"], { issuer, hasAccount }: KnownFacts): string {
  if (hasAccount) return words.account;
  return issuer === null ? words.nothing : words.issuer(issuer);
}

function ownName(words: Words["requests"], { person }: WaitingFacts): string {
  return person.name === null ? words.known.noName : words.known.ownName;
}

/** Each act is allowed by itself; everything is chosen at first, as it was asked for. */
function Acts({ frame, things, form }: RequestPageProps) {
  const words = frame.words.requests;
  return (
    <section aria-labelledby="what">
      <h2 id="what">{words.what}</h2>
      <p class="hint">{words.whatHint}</p>
      <FieldError frame={frame} id="allow" error={form.errors.allow && words.errors[form.errors.allow]} />
      {things.map(({ name, acts }) => (
        <fieldset class="choice">
          <legend>
            <bdi>{name}</bdi>
          </legend>
          {acts.map(({ field, label, isChosen }) => (
            <div class="option">
              <input type="checkbox" id={field} name={field} value="yes" checked={isChosen} />
              <label for={field}>
                <bdi>{label}</bdi>
              </label>
            </div>
          ))}
        </fieldset>
      ))}
    </section>
  );
}

interface DecidedRequestPageProps {
  readonly frame: ConsoleFrame;
  readonly request: WaitingFacts;
  readonly status: "approved" | "refused" | "expired";
  /** "Ana decided yesterday." Null: nobody did. */
  readonly decidedBy: string | null;
  /** What was asked for and not allowed, of a yes; null: nothing. */
  readonly leftOut: string | null;
  /** Whether what was allowed has not been ended since. */
  readonly isStanding: boolean;
  /** Epoch seconds; null: no end of its own. */
  readonly until: number | null;
  readonly word: string | null;
  readonly isTold: boolean;
  /** The things that it was about and that are still there. */
  readonly things: readonly { readonly id: string; readonly name: string }[];
  readonly notice: RequestNotice | null;
}

/** What was decided, and the end of it. Posts to `…/end`. */
export function DecidedRequestPage(props: DecidedRequestPageProps) {
  const { frame, request, status, decidedBy, leftOut, isStanding, until, word, isTold, things, notice } = props;
  const words = frame.words.requests;
  const path = `/console/${encodeURIComponent(frame.owner.id)}/requests/${encodeURIComponent(request.id)}`;
  const sentences = [
    ...(decidedBy === null ? [] : [decidedBy]),
    ...(status === "approved" && !isStanding ? [words.over] : []),
    ...(until === null ? [] : [words.allowedUntil(inWords(new Date(until * 1_000), "day", frame))]),
    ...(leftOut === null ? [] : [words.leftOut(leftOut)]),
    ...(status === "expired" ? [] : [isTold ? words.theyHeard : words.theyHaveNot]),
  ];
  return (
    <ConsoleLayout frame={frame} place="requests" title={plain(request.sentence)}>
      {notice !== null && (
        <Notice kind={notice === "alreadyDecided" ? "quiet" : "good"}>
          <p>{words.notices[notice]}</p>
        </Notice>
      )}
      <h1>
        <Said text={request.sentence} />
      </h1>
      <Person frame={frame} person={request.person} />
      <ul class="sentences plain">
        {sentences.map((sentence) => (
          <li>
            <Said text={sentence} />
          </li>
        ))}
      </ul>
      {word !== null && (
        <section aria-labelledby="word">
          <h2 id="word">{words.yourWord}</h2>
          <p class="message">
            <bdi>{word}</bdi>
          </p>
        </section>
      )}
      {status === "approved" && isStanding && (
        <Form frame={frame} action={`${path}/end`}>
          <p class="hint">{words.endHint}</p>
          <Button kind="other">{words.end}</Button>
        </Form>
      )}
      <ul class="sentences plain">
        {things.map(({ id, name }) => (
          <li>
            <a href={`${frame.console}/things/${encodeURIComponent(id)}`}>
              <Said text={words.see(name)} />
            </a>
          </li>
        ))}
        <li>
          <a href={`${frame.console}/requests`}>{words.seeWaiting}</a>
        </li>
      </ul>
    </ConsoleLayout>
  );
}
