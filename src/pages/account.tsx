import { MAX_PERSON_NAME_CHARACTERS } from "../shared/limits.ts";
import { AccountLayout } from "./account-layout.tsx";
import type { Frame } from "./frame.ts";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Field } from "./parts/field.tsx";
import { Form } from "./parts/form.tsx";
import { Person, type PersonFacts } from "./parts/identity.tsx";
import { Notice } from "./parts/notice.tsx";
import { Said } from "./parts/said.tsx";
import type { Words } from "./words/en.ts";

export interface AccountPageProps {
  readonly frame: Frame;
  readonly person: PersonFacts;
  /** How many there are of each. */
  readonly apps: number;
  readonly passkeys: number;
  readonly addresses: number;
  readonly providers: number;
  readonly recoveryCodes: number;
  /** Apps for which something is remembered. */
  readonly remembered: number;
  /** Owners that the person acts for, beside their own. */
  readonly organisations: readonly string[];
  readonly isSaved: boolean;
  readonly error: keyof Words["account"]["errors"] | null;
}

/** What an account comes down to, each with the way to more of it. */
export function AccountPage(props: AccountPageProps) {
  const { frame, person, apps } = props;
  const words = frame.words.account;
  const title = words.title(apps);
  return (
    <AccountLayout frame={frame} place="home" title={title}>
      <ErrorSummary frame={frame} errors={{ name: wrongName(props) }} />
      {props.isSaved && (
        <Notice kind="good">
          <p>{words.saved}</p>
        </Notice>
      )}
      <h1>{title}</h1>
      <Person frame={frame} person={person} isReader />
      {person.name === null && <p class="quiet">{words.nameless}</p>}
      <Warnings {...props} />
      <ul class="rows links">
        <Place frame={frame} path="/console" title={words.thingsTitle} line={words.thingsLine} />
        <Place frame={frame} path="/account/shared" title={words.sharedTitle} line={words.sharedLine} />
        <Place frame={frame} path="/account/apps" title={words.apps} line={words.appsLine} />
        <Place
          frame={frame}
          path="/account/security"
          title={words.security}
          line={words.securityLine(props.passkeys, props.addresses)}
        />
        <Place
          frame={frame}
          path="/account/remembered"
          title={words.remembered}
          line={words.rememberedLine(props.remembered)}
        />
        <Place
          frame={frame}
          path="/account/administrators"
          title={words.administrators}
          line={words.administratorsLine(props.organisations)}
        />
        <Place frame={frame} path="/account/data" title={words.data} line={words.dataLine} />
      </ul>
      <Rename {...props} />
    </AccountLayout>
  );
}

interface PlaceProps {
  readonly frame: Frame;
  readonly path: string;
  readonly title: string;
  readonly line: string;
}

function Place({ frame, path, title, line }: PlaceProps) {
  return (
    <li>
      <a class="row" href={frame.base + path}>
        <span class="about">
          <strong>{title}</strong>
          <span class="quiet">
            <Said text={line} />
          </span>
        </span>
      </a>
    </li>
  );
}

/** Below this many, the day on which they are needed is near. */
const FEW_CODES = 3;

function Warnings({ frame, passkeys, addresses, providers, recoveryCodes }: AccountPageProps) {
  const words = frame.words.account;
  const security = `${frame.base}/account/security`;
  return (
    <>
      {passkeys + addresses + providers === 1 && (
        <Notice kind="quiet">
          <p>
            {words.oneWayIn} <a href={security}>{words.addWayIn}</a>
          </p>
        </Notice>
      )}
      {recoveryCodes < FEW_CODES && (
        <Notice kind="quiet">
          <p>
            {words.fewCodes(recoveryCodes)} <a href={`${security}#recovery`}>{words.makeCodes}</a>
          </p>
        </Notice>
      )}
    </>
  );
}

function Rename(props: AccountPageProps) {
  const { frame, person, error } = props;
  const words = frame.words.account;
  return (
    <details open={error !== null}>
      <summary>{words.rename}</summary>
      <Form frame={frame} action="/account/name">
        <Field
          frame={frame}
          name="name"
          label={words.name}
          hint={words.nameHint}
          error={wrongName(props)}
          value={person.name ?? ""}
          autocomplete="name"
          maxLength={MAX_PERSON_NAME_CHARACTERS}
        />
        <Button>{words.save}</Button>
      </Form>
    </details>
  );
}

function wrongName({ frame, error }: AccountPageProps): string | undefined {
  return error === null ? undefined : frame.words.account.errors[error];
}
