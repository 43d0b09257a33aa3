import { type Fact, factInWords } from "./facts.ts";
import type { Frame } from "./frame.ts";
import { Layout } from "./layout.tsx";
import { Button } from "./parts/button.tsx";
import { Checkbox } from "./parts/choice.tsx";
import { ErrorSummary, type FieldErrors } from "./parts/error-summary.tsx";
import { Form } from "./parts/form.tsx";
import { App, type AppFacts, Person, type PersonFacts } from "./parts/identity.tsx";
import { Notice } from "./parts/notice.tsx";
import type { ProviderFacts } from "./parts/providers.tsx";
import { Row, Rows } from "./parts/rows.tsx";
import { Said } from "./parts/said.tsx";
import { Sentences } from "./parts/sentences.tsx";
import type { Words } from "./words/en.ts";

/** Something that is asked for, by the names that its keeper gave it. */
export interface AskedThing {
  /** Null: neither a name nor a kind can be shown. */
  readonly name: string | null;
  /** What would be done with it, such as "view". */
  readonly actions: readonly string[];
}

/** What is still missing, and where it can come from. */
export type MissingProof =
  | { readonly kind: "address" }
  | { readonly kind: "fact"; readonly fact: string; readonly providers: readonly ProviderFacts[] }
  | { readonly kind: "recent"; readonly withinSeconds: number };

/** A text that somebody has not agreed to, as it stands now. */
export interface AgreementFacts {
  /** Of the checkbox: `agree-` and this. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** What comes of it if the person goes on, as far as it is known. */
export type Outlook = "open" | "refused" | "ownerDecides";

/** Who would learn what. */
export interface Telling {
  readonly to: "app" | "owner" | "keeper";
  /** Of the app or the keeper; null for the owner, who is not told. */
  readonly name: string | null;
  /** Empty: only whether there may be access. */
  readonly facts: readonly Fact[];
}

export interface ClaimsPageProps {
  readonly frame: Frame;
  readonly app: AppFacts;
  /** Whether it asks by name for access that begins with this page, and not for somebody to be made known. */
  readonly isByName: boolean;
  readonly things: readonly AskedThing[];
  readonly person: PersonFacts;
  readonly outlook: Outlook;
  readonly missing: readonly MissingProof[];
  readonly agreements: readonly AgreementFacts[];
  readonly tellings: readonly Telling[];
  /** Null: it cannot be remembered, and is not asked about. */
  readonly remember: { readonly isChecked: boolean } | null;
  /** Host of the claims redirect URI; null: an app on the person's device. */
  readonly returnsTo: string | null;
  /** The interaction, sealed. */
  readonly hidden: Readonly<Record<string, string | null>>;
  /** Ids of agreements that are still open although the person wanted to go on. */
  readonly notAgreed: readonly string[];
}

/**
 * Who asks, for what, and who would learn what. Posts to /claims/interaction: `decision` (`continue`, `cancel`, `switch`
 * for another account, `address`, `again`, or `provider:<id>`), `agree-<id>` and `remember`.
 */
export function ClaimsPage(props: ClaimsPageProps) {
  const { frame, app, things, missing } = props;
  const words = frame.words.claims;
  const title = props.isByName ? words.titleByName(app.name) : words.title(app.name);
  return (
    <Layout frame={frame} title={title}>
      <ErrorSummary frame={frame} errors={errorsOf(props)} />
      <h1>
        <Said text={title} />
      </h1>
      <p class="lead">
        <Said text={props.isByName ? words.leadByName(app.name) : words.lead(app.name)} />
      </p>
      <App frame={frame} app={app} />
      <section aria-labelledby="asks">
        <h2 id="asks">
          <Said text={words.asks(app.name)} />
        </h2>
        <dl class="pairs">
          {things.map(({ name, actions }) => (
            <div>
              <dt>
                <bdi>{name ?? words.something}</bdi>
              </dt>
              <dd class="quiet">
                <bdi>{words.actions(actions)}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      </section>
      {/* A form of its own: the Enter key uses the first button of a form, and nobody means this one by it. */}
      <Form frame={frame} action="/claims/interaction" hidden={props.hidden}>
        <section aria-labelledby="signed-in">
          <h2 id="signed-in">{words.you}</h2>
          <Person frame={frame} person={props.person} isReader />
          <Button kind="aside" name="decision" value="switch">
            {words.switch}
          </Button>
        </section>
      </Form>
      <Form frame={frame} action="/claims/interaction" hidden={props.hidden}>
        {props.outlook !== "open" && (
          <Notice kind="quiet">
            <p>{words[props.outlook]}</p>
          </Notice>
        )}
        <Missing {...props} />
        <Agreements {...props} />
        <Tellings {...props} />
        {props.remember !== null && (
          <Checkbox
            frame={frame}
            name="remember"
            label={words.remember(app.name)}
            hint={words.rememberHint}
            isChecked={props.remember.isChecked}
          />
        )}
        <p class="quiet">{props.returnsTo !== null && <Said text={words.afterwards(props.returnsTo)} />}</p>
        <div class="buttons">
          {missing.length === 0 && props.outlook !== "refused" && (
            <Button kind="equal" name="decision" value="continue">
              {words.go}
            </Button>
          )}
          <Button kind="equal" name="decision" value="cancel">
            {words.cancel}
          </Button>
        </div>
      </Form>
    </Layout>
  );
}

function Missing({ frame, missing }: ClaimsPageProps) {
  if (missing.length === 0) return null;
  return (
    <section aria-labelledby="missing">
      <h2 id="missing">{frame.words.claims.needs}</h2>
      <Rows>
        {missing.map((proof) => (
          <MissingRow frame={frame} proof={proof} />
        ))}
      </Rows>
    </section>
  );
}

function MissingRow({ frame, proof }: { readonly frame: Frame; readonly proof: MissingProof }) {
  const words = frame.words.claims;
  switch (proof.kind) {
    case "address":
      return <Row action={decide("address", words.verifyAddress)}>{words.needAddress}</Row>;
    case "recent":
      return (
        <Row action={decide("again", words.signInAgain)}>{words.needRecent(Math.ceil(proof.withinSeconds / 60))}</Row>
      );
    case "fact":
      return (
        <Row action={proof.providers.map(({ id, name }) => decide(`provider:${id}`, words.continueWith(name)))}>
          <Said text={missingFact(frame.words, proof.fact, proof.providers)} />
        </Row>
      );
  }
}

function missingFact(words: Words, name: string, providers: readonly ProviderFacts[]): string {
  const fact = factInWords(words, { name, value: null });
  if (providers.length === 0) return words.claims.unobtainable(fact);
  return words.claims.needFrom(
    fact,
    providers.map((provider) => provider.name),
  );
}

function decide(value: string, label: string) {
  return (
    <Button name="decision" value={value}>
      <Said text={label} />
    </Button>
  );
}

function Agreements({ frame, agreements, notAgreed }: ClaimsPageProps) {
  const words = frame.words.claims;
  if (agreements.length === 0) return null;
  return (
    <section aria-labelledby="agreements">
      <h2 id="agreements">{words.agreements}</h2>
      {agreements.map(({ id, title, text }) => (
        <article>
          <h3 id={`title-${id}`}>
            <bdi>{title}</bdi>
          </h3>
          {/* It scrolls, so the keyboard has to reach it. */}
          <section class="scrolling" dir="auto" aria-labelledby={`title-${id}`} tabindex={0}>
            {text.split(/\n{2,}/).map((paragraph) => (
              <p>{paragraph}</p>
            ))}
          </section>
          <Checkbox
            frame={frame}
            name={`agree-${id}`}
            label={words.agree(title)}
            error={notAgreed.includes(id) ? words.errors.agree(title) : undefined}
          />
        </article>
      ))}
    </section>
  );
}

function Tellings({ frame, tellings }: ClaimsPageProps) {
  const words = frame.words.claims;
  return (
    <>
      <section aria-labelledby="told">
        <h2 id="told">{words.told}</h2>
        <dl class="pairs">
          {tellings.map((telling) => (
            <div>
              <dt>
                <Said text={hearer(words, telling)} />
              </dt>
              {factsTold(frame.words, telling).map((fact) => (
                <dd>
                  <Said text={fact} />
                </dd>
              ))}
            </div>
          ))}
        </dl>
      </section>
      <Sentences title={words.notTold} kind="cannot" sentences={words.notToldSentences} />
    </>
  );
}

function hearer(words: Words["claims"], { to, name }: Telling): string {
  return to === "owner" ? words.toldTo.owner : words.toldTo[to](name ?? "");
}

function factsTold(words: Words, { facts }: Telling): readonly string[] {
  return facts.length === 0 ? [words.claims.onlyWhether] : facts.map((fact) => factInWords(words, fact));
}

function errorsOf({ frame, agreements, notAgreed }: ClaimsPageProps): FieldErrors {
  const open = agreements.filter(({ id }) => notAgreed.includes(id));
  return Object.fromEntries(open.map(({ id, title }) => [`agree-${id}`, frame.words.claims.errors.agree(title)]));
}
