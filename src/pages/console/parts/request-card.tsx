import { Button, LinkButton } from "../../parts/button.tsx";
import { Form } from "../../parts/form.tsx";
import { Person, type PersonFacts } from "../../parts/identity.tsx";
import { Said } from "../../parts/said.tsx";
import { inWords } from "../../parts/time.tsx";
import type { ConsoleFrame } from "../layout.tsx";

/** A request that waits, as lists show it. */
export interface WaitingFacts {
  readonly id: string;
  /** What the owner reads it in; a decision is about this one. */
  readonly version: number;
  readonly person: PersonFacts;
  /** "Dr. Roth asks to view Lab results." */
  readonly sentence: string;
  /** Null: it is no longer there. */
  readonly app: string | null;
  /** Of an app for which nobody vouches, its host (null: on somebody's device); left out of all others. */
  readonly unchecked?: { readonly host: string | null };
  /** Epoch seconds. */
  readonly askedAt: number;
  readonly lastAskedAt: number;
  readonly timesAsked: number;
}

interface RequestCardProps {
  readonly frame: ConsoleFrame;
  readonly request: WaitingFacts;
}

/** Who asks for what, with the decision right there: refusing is as easy as allowing. */
export function RequestCard({ frame, request }: RequestCardProps) {
  const words = frame.words.requests;
  const { id, version, person, sentence } = request;
  const path = `/console/${encodeURIComponent(frame.owner.id)}/requests/${encodeURIComponent(id)}`;
  return (
    <li class="row request">
      <div class="about">
        <p id={`asks-${id}`}>
          <strong>
            <Said text={sentence} />
          </strong>
        </p>
        <Person frame={frame} person={person} />
        <p class="quiet">
          <Said text={words.through(request.app ?? words.lostApp)} />, {asked(frame, request)}
        </p>
        <Unchecked frame={frame} request={request} />
      </div>
      <Form frame={frame} action={`${path}/decision`} hidden={{ version: String(version) }}>
        <div class="buttons">
          <Button kind="equal" name="decision" value="approve">
            {words.allow}
            <About sentence={sentence} />
          </Button>
          <Button kind="equal" name="decision" value="refuse">
            {words.refuse}
            <About sentence={sentence} />
          </Button>
          <LinkButton kind="aside" href={frame.base + path}>
            {words.choose}
            <About sentence={sentence} />
          </LinkButton>
        </div>
      </Form>
    </li>
  );
}

/** What an app calls itself is its own word, so it is not what an owner decides by. */
function Unchecked({ frame, request: { unchecked } }: RequestCardProps) {
  const words = frame.words.apps;
  if (unchecked === undefined) return null;
  return (
    <p>
      {unchecked.host === null ? words.onDevice : <bdi>{unchecked.host}</bdi>}{" "}
      <span class="mark">{words.unverified}</span>
    </p>
  );
}

/** For whoever does not see the row that a button stands in. */
function About({ sentence }: { readonly sentence: string }) {
  return (
    <span class="hidden">
      {": "}
      <Said text={sentence} />
    </span>
  );
}

/** "asked 3 times, last yesterday" */
export function asked(frame: ConsoleFrame, { askedAt, lastAskedAt, timesAsked }: WaitingFacts): string {
  const words = frame.words.requests;
  const dayOf = (at: number) => inWords(new Date(at * 1_000), "day", frame);
  return timesAsked > 1 ? words.askedAgain(timesAsked, dayOf(lastAskedAt)) : words.asked(dayOf(askedAt));
}
