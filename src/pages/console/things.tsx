import { Button, LinkButton } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { More } from "../parts/more.tsx";
import { Empty } from "../parts/rows.tsx";
import { Said } from "../parts/said.tsx";
import { Select, type SelectOption } from "../parts/select.tsx";
import { plain } from "../words/said.ts";
import { type ConsoleFrame, ConsoleLayout } from "./layout.tsx";
import { ShareSeveral } from "./share-several.tsx";

/** A thing as lists show it. */
export interface ListedThing {
  readonly id: string;
  /** Null: its app gave it none. */
  readonly name: string | null;
  readonly kind: string | null;
  /** The app that hosts it; null: one that is no longer there. */
  readonly app: string | null;
  /** The names of what it is in. */
  readonly partOf: readonly string[];
  /** How many others are in it. */
  readonly members: number;
  /** Whether there are more than these. */
  readonly isMore: boolean;
}

/** What the list is narrowed to; null: not by this. */
export interface ThingSearch {
  readonly text: string | null;
  readonly app: string | null;
  readonly kind: string | null;
}

export interface ThingsPageProps {
  readonly frame: ConsoleFrame;
  readonly things: readonly ListedThing[];
  /** The collection whose things these are; null: all that the owner has. */
  readonly within: { readonly id: string; readonly name: string | null } | null;
  readonly search: ThingSearch;
  /** What it can be narrowed to. */
  readonly apps: readonly SelectOption[];
  readonly kinds: readonly SelectOption[];
  /** Path and query of the next page, with the issuer's own path before it; null: this is the last. */
  readonly next: string | null;
  /** Characters of a name that can be searched for. */
  readonly maxText: number;
}

/** What an owner has, found by name, app and kind; or what is in a collection. */
export function ThingsPage(props: ThingsPageProps) {
  const { frame, things, within, search, next } = props;
  const words = frame.words.things;
  const title = within === null ? words.title(frame.owner.name) : words.within(within.name);
  const isSearch = Object.values(search).some((value) => value !== null);
  return (
    <ConsoleLayout frame={frame} place="things" title={plain(title)}>
      <h1>{within === null ? <Said text={title} /> : <bdi>{title}</bdi>}</h1>
      {within !== null && <About frame={frame} within={within} />}
      {(isSearch || things.length > 0) && <Search {...props} />}
      {things.length > 0 ? <ThingRows frame={frame} things={things} /> : <Nothing {...props} isSearch={isSearch} />}
      {things.length > 0 && <More frame={frame} next={next} />}
      <ShareSeveral frame={frame} things={things} />
    </ConsoleLayout>
  );
}

/** Why nothing is shown, and what can be done about it. */
function Nothing({ frame, within, next, isSearch }: ThingsPageProps & { readonly isSearch: boolean }) {
  const words = frame.words.things;
  if (!isSearch) return <Empty>{within === null ? words.empty : words.emptyWithin}</Empty>;
  if (next === null) return <Empty>{words.nothing}</Empty>;
  return (
    <>
      <Empty>{words.nothingYet}</Empty>
      <LinkButton href={next}>{words.goOn}</LinkButton>
    </>
  );
}

type Within = NonNullable<ThingsPageProps["within"]>;

/** What being in a collection means, and the way to who can see it. */
function About({ frame, within }: { readonly frame: ConsoleFrame; readonly within: Within }) {
  const words = frame.words.things;
  return (
    <>
      <p class="lead">
        <Said text={words.sharedWithin(within.name)} />
      </p>
      <p>
        <a href={`${frame.console}/things/${encodeURIComponent(within.id)}`}>{words.who}</a>
      </p>
    </>
  );
}

/** A form that changes nothing, so that what was found can be kept as a link. */
function Search({ frame, search, apps, kinds, within, maxText }: ThingsPageProps) {
  const words = frame.words.things;
  const { text, app, kind } = search;
  const all =
    within === null ? `${frame.console}/things` : `${frame.console}/things?in=${encodeURIComponent(within.id)}`;
  const canNarrow = apps.length > 1 || kinds.length > 1;
  return (
    <search>
      <form method="get" action={`${frame.console}/things`} novalidate>
        {within !== null && <input type="hidden" name="in" value={within.id} />}
        <div class="finding">
          <Field frame={frame} name="q" label={words.search} value={text ?? ""} maxLength={maxText} />
          <Button>{words.show}</Button>
        </div>
        {canNarrow && (
          <details open={app !== null || kind !== null}>
            <summary>{words.narrow}</summary>
            {apps.length > 1 && (
              <Select
                name="app"
                label={words.app}
                options={[{ value: "", label: words.everyApp }, ...apps]}
                selected={app}
              />
            )}
            {kinds.length > 1 && (
              <Select
                name="kind"
                label={words.kind}
                options={[{ value: "", label: words.everyKind }, ...kinds]}
                selected={kind}
              />
            )}
          </details>
        )}
        {(text !== null || app !== null || kind !== null) && (
          <p>
            <a href={all}>{words.showAll}</a>
          </p>
        )}
      </form>
    </search>
  );
}

interface ThingRowsProps {
  readonly frame: ConsoleFrame;
  readonly things: readonly ListedThing[];
}

/** Things, each with the way to who can see it, and to what is in it. */
export function ThingRows({ frame, things }: ThingRowsProps) {
  return (
    <ul class="rows links">
      {things.map((thing) => (
        <ThingRow frame={frame} thing={thing} />
      ))}
    </ul>
  );
}

function ThingRow({ frame, thing }: { readonly frame: ConsoleFrame; readonly thing: ListedThing }) {
  const { id, name, kind, app, partOf, members, isMore } = thing;
  const words = frame.words.things;
  const facts = [kind, app].filter((fact) => fact !== null);
  const path = encodeURIComponent(id);
  return (
    <li>
      <a class="row" href={`${frame.console}/things/${path}`}>
        <span class="about">
          <strong>
            <bdi>{name ?? frame.words.thing.nameless}</bdi>
          </strong>
          <span class="quiet">
            {facts.map((fact, index) => (
              <>
                {index > 0 && " · "}
                <bdi>{fact}</bdi>
              </>
            ))}
            {partOf.length > 0 && (
              <>
                {facts.length > 0 && " · "}
                <Said text={words.partOf(partOf.join(", "))} />
              </>
            )}
          </span>
        </span>
      </a>
      {members > 0 && (
        <p class="inside">
          <a href={`${frame.console}/things?in=${path}`}>{words.inside(members, isMore)}</a>
        </p>
      )}
    </li>
  );
}
