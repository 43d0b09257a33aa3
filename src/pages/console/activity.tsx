import { Button, LinkButton } from "../parts/button.tsx";
import { RadioGroup } from "../parts/choice.tsx";
import { Field } from "../parts/field.tsx";
import { Empty } from "../parts/rows.tsx";
import { SearchForm } from "../parts/search-form.tsx";
import { Time } from "../parts/time.tsx";
import { type ConsoleFrame, ConsoleLayout } from "./layout.tsx";
import { Happened } from "./parts/happened.tsx";

/** Which kinds of entries are shown. */
export const ACTIVITY_SHOWS = ["everything", "admitted", "refused", "changes"] as const;
export type ActivityShow = (typeof ACTIVITY_SHOWS)[number];

/** Something that happened, in sentences. */
export interface HappeningFacts {
  /** Epoch seconds, of the last time. */
  readonly lastAt: number;
  readonly count: number;
  readonly sentence: string;
  /** Through which app, or by whom. */
  readonly origin: string;
  /** Why somebody was not let in. */
  readonly reasons: readonly string[];
}

export interface ActivityPageProps {
  readonly frame: ConsoleFrame;
  readonly happenings: readonly HappeningFacts[];
  /** What was asked for, as its fields show it. */
  readonly sought: {
    readonly text: string;
    readonly show: ActivityShow;
    readonly from: string;
    readonly until: string;
  };
  readonly isNarrowed: boolean;
  /** Path and query of what is older; null: there is nothing. */
  readonly next: string | null;
  /** Where copies of it are, as a table and as data. */
  readonly copies: { readonly table: string; readonly data: string };
}

/** What happened, by day, with a search, and copies of it to keep. */
export function ActivityPage(props: ActivityPageProps) {
  const { frame, happenings, next } = props;
  const words = frame.words.activity;
  return (
    <ConsoleLayout frame={frame} place="activity" title={words.title}>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      <Search {...props} />
      {happenings.length === 0 && <Empty>{emptyIn(props)}</Empty>}
      {byDay(happenings, frame).map(([first, ofDay]) => (
        <section>
          <h2 class="day">
            <Time frame={frame} at={first.lastAt} />
          </h2>
          <ul class="rows">
            {ofDay.map((happening) => (
              <Happening frame={frame} happening={happening} />
            ))}
          </ul>
        </section>
      ))}
      {next !== null && <LinkButton href={next}>{words.older}</LinkButton>}
      <Copies {...props} />
    </ConsoleLayout>
  );
}

function emptyIn({ frame, isNarrowed, next }: ActivityPageProps): string {
  const words = frame.words.activity;
  if (!isNarrowed) return words.empty;
  return next === null ? words.notFound : words.lookedBack;
}

function Search({ frame, sought, isNarrowed }: ActivityPageProps) {
  const words = frame.words.activity;
  return (
    <details open={isNarrowed}>
      <summary>{words.narrow}</summary>
      <SearchForm action={`${frame.console}/activity`}>
        <Field
          frame={frame}
          name="q"
          label={words.search}
          hint={words.searchHint}
          value={sought.text}
          maxLength={100}
        />
        <RadioGroup
          name="show"
          legend={words.show}
          options={ACTIVITY_SHOWS.map((show) => ({ value: show, label: words.shows[show] }))}
          selected={sought.show}
        />
        <Field frame={frame} name="from" type="date" label={words.from} value={sought.from} />
        <Field frame={frame} name="until" type="date" label={words.until} value={sought.until} />
        <div class="buttons">
          <Button>{words.find}</Button>
          {isNarrowed && (
            <LinkButton href={`${frame.console}/activity`} kind="aside">
              {words.everything}
            </LinkButton>
          )}
        </div>
      </SearchForm>
    </details>
  );
}

/** @returns the entries of each day, as the reader's calendar has it, with the first of them. */
function byDay(
  happenings: readonly HappeningFacts[],
  { timeZone }: ConsoleFrame,
): readonly (readonly [HappeningFacts, readonly HappeningFacts[]])[] {
  const format = new Intl.DateTimeFormat("sv", { dateStyle: "short", timeZone });
  const days = Map.groupBy(happenings, ({ lastAt }) => format.format(new Date(lastAt * 1_000)));
  return [...days.values()].flatMap((ofDay) => (ofDay[0] === undefined ? [] : [[ofDay[0], ofDay] as const]));
}

function Happening({ frame, happening }: { readonly frame: ConsoleFrame; readonly happening: HappeningFacts }) {
  const words = frame.words.activity;
  const { lastAt, count, sentence, origin, reasons } = happening;
  return (
    <Happened
      frame={frame}
      sentence={sentence}
      at={lastAt}
      form="hour"
      origin={origin}
      times={count > 1 ? words.times(count) : null}
    >
      {reasons.length > 0 && (
        <details>
          <summary>{words.why}</summary>
          <ul class="sentences plain">
            {reasons.map((reason) => (
              <li>{reason}</li>
            ))}
          </ul>
        </details>
      )}
    </Happened>
  );
}

function Copies({ frame, copies }: ActivityPageProps) {
  const words = frame.words.activity;
  return (
    <section aria-labelledby="keep">
      <h2 id="keep">{words.keep}</h2>
      <p>{words.keepHint}</p>
      <ul class="plain">
        <li>
          <a href={copies.table} download>
            {words.table}
          </a>
        </li>
        <li>
          <a href={copies.data} download>
            {words.data}
          </a>
        </li>
      </ul>
    </section>
  );
}
