import type { OwnerFacts } from "./administrators.tsx";
import type { Frame } from "./frame.ts";
import { Layout } from "./layout.tsx";
import type { AppAbility, AppLearns } from "./parts/abilities.ts";
import { Button } from "./parts/button.tsx";
import { RadioGroup } from "./parts/choice.tsx";
import { Form } from "./parts/form.tsx";
import { App, type AppFacts, Person, type PersonFacts } from "./parts/identity.tsx";
import { Said } from "./parts/said.tsx";
import { Sentences } from "./parts/sentences.tsx";
import type { Words } from "./words/en.ts";

export interface ConsentPageProps {
  readonly frame: Frame;
  readonly app: AppFacts;
  /** Pages of the app for whoever decides about it; null: it has none. */
  readonly documents: { readonly policy: string | null; readonly terms: string | null };
  /** What it wants to learn; empty: nothing. */
  readonly learns: readonly AppLearns[];
  /** Whether it may say here who they are, so that owners learn it of whom it asks for access. */
  readonly tellsOwners: boolean;
  /** What it wants to do; empty where it only wants to learn something. */
  readonly abilities: readonly AppAbility[];
  /** Who is asked. */
  readonly person: PersonFacts;
  /** On whose behalf it could be, the person's own first; with one there is nothing to choose. */
  readonly owners: readonly OwnerFacts[];
  /** Id of the one to begin with. */
  readonly selected: string;
  /** Host of the redirect URI; null: an app on the person's device. */
  readonly returnsTo: string | null;
  /** The request, sealed. */
  readonly hidden: Readonly<Record<string, string | null>>;
}

/**
 * Whether an app may act for somebody: what it will be able to do, what not, and for whom. Posts `decision` (`allow`,
 * `refuse` or `switch`, for another account) and `owner` to /authorize/consent.
 */
export function ConsentPage(props: ConsentPageProps) {
  const { frame, app, abilities, learns } = props;
  const words = frame.words.consent;
  const title = titleOf(props);
  const extent = extentOf(abilities);
  return (
    <Layout frame={frame} title={title}>
      <h1>
        <Said text={title} />
      </h1>
      <p class="lead">{words.lead[extent]}</p>
      <App frame={frame} app={app} />
      <Documents {...props} />
      <Sentences title={words.learns(app.name)} sentences={learns.map((fact) => words.facts[fact])}>
        <p>{words.untilTakenBack}</p>
        {props.tellsOwners && <p>{words.tellsOwners}</p>}
      </Sentences>
      <Sentences
        title={words.can(app.name)}
        kind="can"
        sentences={abilities.flatMap((ability) => words.abilities[ability])}
      >
        <p>{words.away}</p>
      </Sentences>
      <Sentences title={words.cannot} kind="cannot" sentences={[...words.limits[extent], words.limits.always]} />
      <Form frame={frame} action="/authorize/consent" hidden={props.hidden}>
        <Behalf {...props} />
        <p class="quiet">
          {props.returnsTo === null ? words.afterwardsApp : <Said text={words.afterwards(props.returnsTo)} />}
        </p>
        <div class="buttons">
          <Button kind="equal" name="decision" value="allow">
            {words.allow}
          </Button>
          <Button kind="equal" name="decision" value="refuse">
            {words.refuse}
          </Button>
        </div>
        <Button kind="aside" name="decision" value="switch">
          {words.switch}
        </Button>
      </Form>
    </Layout>
  );
}

function titleOf({ frame, app, abilities, learns }: ConsentPageProps): string {
  const words = frame.words.consent;
  if (abilities.length === 0) return words.titleIdentity(app.name);
  return learns.length === 0 ? words.title(app.name) : words.titleBoth(app.name);
}

/** Each opens beside the question, which waits. */
function Documents({ frame, documents }: ConsentPageProps) {
  const words = frame.words.consent;
  const all = [
    { uri: documents.policy, label: words.appPolicy },
    { uri: documents.terms, label: words.appTerms },
  ];
  return all.map(({ uri, label }) =>
    uri === null ? null : (
      <p>
        <a href={uri} target="_blank" rel="noopener noreferrer">
          {label}
        </a>
      </p>
    ),
  );
}

function Behalf({ frame, person, owners, selected, abilities }: ConsentPageProps) {
  const words = frame.words.consent;
  const options = owners.map(({ id, name }) => ({ value: id, label: labelOf(words, person, name) }));
  return (
    <>
      <section aria-labelledby="signed-in">
        <h2 id="signed-in">{words.signedInAs}</h2>
        <Person frame={frame} person={person} isReader />
      </section>
      {abilities.length > 0 && options.length > 1 && (
        <RadioGroup name="owner" legend={words.whom} options={options} selected={selected} />
      )}
      {abilities.length > 0 && options.length === 1 && <input type="hidden" name="owner" value={selected} />}
    </>
  );
}

function labelOf(words: Words["consent"], person: PersonFacts, owner: string | null): string {
  if (owner !== null) return words.organisation(owner);
  const name = person.name ?? person.address;
  return name === null ? words.you : words.yourself(name);
}

function extentOf(abilities: readonly AppAbility[]): AppAbility | "both" | "identity" {
  const [first, second] = abilities;
  if (first === undefined) return "identity";
  return second === undefined ? first : "both";
}
