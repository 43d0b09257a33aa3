import { MAX_EMAIL_CHARACTERS } from "../../shared/limits.ts";
import { Button, LinkButton } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { Person, type PersonFacts } from "../parts/identity.tsx";
import { initialOf } from "../parts/initial.ts";
import { More } from "../parts/more.tsx";
import { Notice } from "../parts/notice.tsx";
import { RowButton } from "../parts/row-button.tsx";
import { Empty, Row, Rows } from "../parts/rows.tsx";
import { Said } from "../parts/said.tsx";
import { SearchForm } from "../parts/search-form.tsx";
import { Time } from "../parts/time.tsx";
import { plain, said } from "../words/said.ts";
import { type ConsoleFrame, ConsoleLayout } from "./layout.tsx";
import { SavedShare, type SavedShareFacts } from "./saved-share.tsx";

/** Who somebody is with whom a thing is shared. */
export type SharedWith =
  | { readonly kind: "anyone" }
  | { readonly kind: "person"; readonly person: PersonFacts }
  /** Known by the word of somebody else, whose host this is; `says`: what they call themselves, null: nothing. */
  | { readonly kind: "someone"; readonly host: string; readonly says: string | null }
  | { readonly kind: "domain"; readonly domain: string }
  /** A name of null: it is no longer there. */
  | { readonly kind: "group"; readonly id: string; readonly name: string | null; readonly members: number }
  /** A name of null: it is no longer there. */
  | { readonly kind: "app"; readonly name: string | null }
  /** What no short name says. */
  | { readonly kind: "rule"; readonly sentence: string };

/** Why a share that is not about one thing alone reaches this one. */
export type WhyShared =
  | { readonly kind: "things"; readonly others: number }
  /** A name of null: it has none. */
  | { readonly kind: "collection"; readonly name: string | null }
  | { readonly kind: "type"; readonly name: string }
  | { readonly kind: "all" };

/** What somebody is allowed, or kept from. Times are epoch seconds. */
export interface ShareFacts {
  /** What its form sends. */
  readonly policy: string;
  readonly version: number;
  readonly place: number;
  /** The thing that it ends for: this one, or a collection that it is in. */
  readonly of: string;
  readonly whom: readonly SharedWith[];
  /** Apps that they must come with; null: any. */
  readonly apps: readonly string[] | null;
  /** Null: whatever can be done with it. */
  readonly actions: readonly string[] | null;
  readonly from: number | null;
  readonly until: number | null;
  readonly asksFirst: boolean;
  /** The title of what they have to agree to; null: nothing. */
  readonly agreement: string | null;
  /** Whether it holds only at certain times or places. */
  readonly isLimited: boolean;
  /** Whether what they can do, and until when, can be changed on a page. */
  readonly canChange: boolean;
  /** Null: it is about this thing alone. */
  readonly why: WhyShared | null;
  readonly since: number | null;
  /** Null: not known to have been used. */
  readonly usedAt: number | null;
  /** Those who have it open by this share at present, beside whom it names. */
  readonly insiders: readonly { readonly person: PersonFacts | null; readonly app: string | null }[];
}

/** The shares that the page shows one by one. */
export interface ListedShares {
  readonly permits: readonly ShareFacts[];
  readonly denies: readonly ShareFacts[];
  /** Whom these are narrowed to, as it was typed; empty: nobody in particular. */
  readonly sought: string;
  /** Whether there are more than a page shows, among whom somebody has to be looked for. */
  readonly isMany: boolean;
  /** Path and query of the next page, with the issuer's own path before it; null: this is the last. */
  readonly next: string | null;
}

export interface ThingPageProps {
  readonly frame: ConsoleFrame;
  readonly thing: {
    readonly id: string;
    readonly name: string | null;
    readonly description: string | null;
    readonly kind: string | null;
    /** The app that keeps it. */
    readonly app: string | null;
    /** Whether others are in it, and shared with it. */
    readonly isCollection: boolean;
  };
  /** All that let somebody in, of which the first sentence speaks. */
  readonly permits: readonly ShareFacts[];
  readonly listed: ListedShares;
  /** Whether it was looked through everything that is open at present. */
  readonly isWhole: boolean;
  /** What was just shared; null: nothing. */
  readonly saved: SavedShareFacts | null;
  readonly notice: "ended" | "pending" | null;
  readonly error: "changed" | "gone" | null;
}

/** One thing: who can see it, in a sentence and one by one, and an end to each. */
export function ThingPage(props: ThingPageProps) {
  const { frame, thing, listed, saved, notice, error } = props;
  const words = frame.words.thing;
  const name = thing.name ?? words.nameless;
  const path = `/things/${encodeURIComponent(thing.id)}`;
  return (
    <ConsoleLayout frame={frame} place="things" title={name} isLive>
      {saved !== null && <SavedShare frame={frame} saved={saved} />}
      {notice !== null && (
        <Notice kind="good">
          <p>{words.notices[notice]}</p>
        </Notice>
      )}
      {error !== null && (
        <Notice kind="danger">
          <p>{words.errors[error]}</p>
        </Notice>
      )}
      <h1>
        <bdi>{name}</bdi>
      </h1>
      <p class="lead">
        <Said text={sentenceOf(props)} />
      </p>
      <p class="quiet">
        {thing.app !== null && <Said text={words.keptBy(thing.app)} />}
        {thing.app !== null && thing.kind !== null && " · "}
        {thing.kind !== null && <Said text={words.kind(thing.kind)} />}
      </p>
      {thing.isCollection && (
        <p class="quiet">
          <a href={`${frame.console}/things?in=${encodeURIComponent(thing.id)}`}>{words.contents}</a>
        </p>
      )}
      {thing.description !== null && (
        <p>
          <bdi>{thing.description}</bdi>
        </p>
      )}
      <LinkButton href={`${frame.console}${path}/share`} kind="main">
        {words.share}
      </LinkButton>
      {(listed.isMany || listed.sought !== "") && <Finding page={props} path={`${frame.console}${path}`} />}
      <Shares page={props} title={words.shared} shares={listed.permits} effect="permit" />
      <Shares page={props} title={words.keptOut} shares={listed.denies} effect="deny" />
      <More frame={frame} next={listed.next} />
    </ConsoleLayout>
  );
}

/** Named in the sentence; the others are counted, and stand below. */
const NAMES_SAID = 3;

function sentenceOf({ frame, permits }: ThingPageProps): string {
  const words = frame.words.thing;
  const current = permits.filter(({ until }) => until === null || until > frame.now);
  const open = current.filter(({ asksFirst }) => !asksFirst);
  const anybody = open.filter(({ whom, apps }) => apps === null && whom.some(({ kind }) => kind === "anyone"));
  if (anybody.some(({ agreement }) => agreement === null)) return words.anybody;
  if (anybody.length > 0) return words.anybodyAgreeing;
  if (current.length > 0 && open.length === 0) return words.onlyAsked;
  const there = open.flatMap(({ whom }) => whom.filter((one) => !isGone(one)));
  const names = [...new Set(there.map((one) => nameOf(frame, one)))];
  if (names.length === 0) return words.nobody(frame.owner.name);
  const [first = "", ...others] = names.slice(0, NAMES_SAID);
  return words.canSee([first, ...others.map(withinSentence)], Math.max(0, names.length - NAMES_SAID));
}

/** Words of ours begin small where they do not begin the sentence; a name that was filled in stays as it is. */
function withinSentence(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}

/** Nobody comes by what is no longer there. */
function isGone(who: SharedWith): boolean {
  return (who.kind === "group" || who.kind === "app") && who.name === null;
}

/** Set apart, to stand in a sentence. */
function nameOf(frame: ConsoleFrame, who: SharedWith): string {
  const words = frame.words.thing;
  switch (who.kind) {
    case "anyone":
      return words.anyone;
    case "person":
      return said`${who.person.name ?? who.person.address ?? frame.words.layout.stranger}`;
    case "someone":
      return who.says === null ? words.someoneOf(who.host) : words.someoneSaying(who.says, who.host);
    case "domain":
      return words.atDomain(who.domain);
    case "group":
      return who.name === null ? words.goneGroup : words.group(who.name);
    case "app":
      return who.name === null ? words.goneApp : words.byApp(who.name);
    case "rule":
      return who.sentence;
  }
}

interface FindingProps {
  readonly page: ThingPageProps;
  readonly path: string;
}

/** Whom to look for among many. */
function Finding({ page: { frame, listed }, path }: FindingProps) {
  const { thing, things } = frame.words;
  const isNothing = listed.permits.length + listed.denies.length === 0;
  return (
    <>
      <SearchForm action={path}>
        <div class="finding">
          <Field frame={frame} name="q" label={thing.find} value={listed.sought} maxLength={MAX_EMAIL_CHARACTERS} />
          <Button>{things.show}</Button>
        </div>
        {listed.sought !== "" && (
          <p>
            <a href={path}>{thing.showAll}</a>
          </p>
        )}
      </SearchForm>
      {isNothing && <Empty>{thing.notFound}</Empty>}
    </>
  );
}

type Effect = "permit" | "deny";

interface SharesProps {
  readonly page: ThingPageProps;
  readonly title: string;
  readonly shares: readonly ShareFacts[];
  readonly effect: Effect;
}

function Shares({ page, title, shares, effect }: SharesProps) {
  const { frame, thing } = page;
  if (shares.length === 0) return null;
  const path = `${frame.console.slice(frame.base.length)}/things/${encodeURIComponent(thing.id)}/end`;
  return (
    <section>
      <h2>{title}</h2>
      <Rows>
        {shares.map((share) => (
          <Row
            action={
              <Form frame={frame} action={path} hidden={formOf(share)}>
                <RowButton about={plain(share.whom.map((one) => nameOf(frame, one)).join(", "))}>
                  {endOf(frame, share, effect)}
                </RowButton>
              </Form>
            }
          >
            {share.whom.map((who) => (
              <Who frame={frame} who={who} />
            ))}
            <What frame={frame} share={share} effect={effect} />
            <Circumstances frame={frame} share={share} effect={effect} />
            {effect === "permit" && <Use page={page} share={share} />}
            {share.canChange && <Change page={page} share={share} />}
          </Row>
        ))}
      </Rows>
    </section>
  );
}

function Change({ page, share }: { readonly page: ThingPageProps; readonly share: ShareFacts }) {
  const { frame, thing } = page;
  const path = `${frame.console}/things/${encodeURIComponent(thing.id)}/share`;
  return (
    <p>
      <a href={`${path}?change=${encodeURIComponent(share.policy)}`}>
        {frame.words.thing.change}
        <span class="hidden"> {plain(share.whom.map((one) => nameOf(frame, one)).join(", "))}</span>
      </a>
    </p>
  );
}

function formOf({ policy, version, place, of }: ShareFacts) {
  return { policy, version: String(version), place: String(place), of };
}

function endOf({ words }: ConsoleFrame, { why }: ShareFacts, effect: Effect): string {
  const { end } = words.thing;
  if (effect === "deny") return why === null || why.kind === "things" ? end.allow : end.allowAll;
  if (why?.kind === "collection") return end.collection;
  if (why?.kind === "type") return end.type;
  if (why?.kind === "all") return end.all;
  return end.here;
}

interface ShareProps {
  readonly frame: ConsoleFrame;
  readonly share: ShareFacts;
}

function Who({ frame, who }: { readonly frame: ConsoleFrame; readonly who: SharedWith }) {
  if (who.kind === "person") return <Person frame={frame} person={who.person} />;
  const name = nameOf(frame, who);
  return (
    <div class="identity">
      <span class={who.kind === "app" ? "initial app" : "initial"} aria-hidden="true">
        {initialOf(initialNameOf(who) ?? plain(name))}
      </span>
      <span>
        <span class="name">
          {who.kind === "group" && who.name !== null ? (
            <a href={`${frame.console}/groups/${encodeURIComponent(who.id)}`}>
              <Said text={name} />
            </a>
          ) : (
            <Said text={name} />
          )}
        </span>
        {who.kind === "group" && !isGone(who) && <span class="address">{frame.words.thing.members(who.members)}</span>}
      </span>
    </div>
  );
}

/** What gives the initial, where that is not the first word of the sentence. */
function initialNameOf(who: SharedWith): string | null {
  if (who.kind === "domain") return who.domain;
  return who.kind === "group" || who.kind === "app" ? who.name : null;
}

function What({ frame, share, effect }: ShareProps & { readonly effect: Effect }) {
  const { actions, from, until } = share;
  const words = frame.words.thing;
  const [some, all] = effect === "permit" ? [words.can, words.canAll] : [words.cannot, words.cannotAll];
  const set = (names: readonly string[]) => names.map((name) => said`${name}`);
  return (
    <p>
      <Said text={actions === null ? all : some(set(actions))} />
      {from !== null && from > frame.now && (
        <>
          {` ${words.from} `}
          <Time frame={frame} at={from} />
        </>
      )}
      {until !== null && (
        <>
          {` ${words.until} `}
          <Time frame={frame} at={until} />
        </>
      )}
    </p>
  );
}

function Circumstances({ frame, share, effect }: ShareProps & { readonly effect: Effect }) {
  const words = frame.words.thing;
  const { apps, asksFirst, agreement, isLimited, until } = share;
  const sentences = [
    ...(apps === null ? [] : [words.through(apps.map((app) => said`${app}`))]),
    ...(until !== null && until <= frame.now ? [words.over] : []),
    ...(asksFirst ? [words.asksFirst] : []),
    ...(agreement === null ? [] : [words.agreeing(agreement)]),
    ...(isLimited ? [words.onlySometimes] : []),
    ...whyOf(frame, share, effect),
  ];
  return (
    <>
      {sentences.map((sentence) => (
        <p class="quiet">
          <Said text={sentence} />
        </p>
      ))}
    </>
  );
}

function whyOf({ words: { thing } }: ConsoleFrame, { why }: ShareFacts, effect: Effect): readonly string[] {
  const words = effect === "permit" ? thing.why : thing.whyNot;
  switch (why?.kind) {
    case undefined:
      return [];
    case "things":
      return [words.things(why.others)];
    case "collection":
      return [words.collection(why.name ?? thing.nameless)];
    case "type":
      return [words.type(why.name)];
    case "all":
      return [words.all];
  }
}

/** Since when, when last, and by whom where the share names nobody. */
function Use({ page, share }: { readonly page: ThingPageProps; readonly share: ShareFacts }) {
  const { frame, isWhole } = page;
  const { since, usedAt, insiders } = share;
  const words = frame.words.thing;
  return (
    <>
      <p class="quiet">
        {since !== null && (
          <>
            {`${words.sharedSince} `}
            <Time frame={frame} at={since} />
          </>
        )}
        {since !== null && (usedAt !== null || isWhole) && " · "}
        {usedAt !== null && (
          <>
            {`${words.usedLast} `}
            <Time frame={frame} at={usedAt} form="moment" />
          </>
        )}
        {usedAt === null && isWhole && words.unused}
      </p>
      {insiders.length > 0 && (
        <details>
          <summary>{words.insiders(insiders.length)}</summary>
          <ul>
            {insiders.map(({ person, app }) => (
              <li>
                <bdi>{person?.name ?? person?.address ?? words.nobodyKnown}</bdi>{" "}
                {app !== null && <Said text={words.by(app)} />}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
