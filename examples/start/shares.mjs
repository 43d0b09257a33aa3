/** What Lakeside Clinic shares of its own, each until 30 June next year. */

/** Somebody whom no identity provider here knows. */
export const GUEST_DOCTOR = "roth@practice.example";

/** "Dr. Bob may view lab reports." Only the clinic's own identity provider may say that he is Bob. */
export function shareWithBob(issuer, today) {
  return {
    name: "Dr. Bob views lab reports",
    effect: "permit",
    target: { type: "lab-report" },
    scopes: ["view"],
    who: { claim: "email", issuer, equals: "bob@lakeside.example" },
    when: { expires: nextSummer(today) },
  };
}

/** "Dr. Roth may view imaging reports, once she has agreed to the house rules." */
export function shareWithGuest(today) {
  return {
    name: "Dr. Roth views imaging reports",
    effect: "permit",
    target: { type: "imaging-report" },
    scopes: ["view"],
    who: { claim: "email", equals: GUEST_DOCTOR },
    when: { expires: nextSummer(today) },
    terms: {
      agreement: {
        title: "House rules for guests",
        text: "Reports are for the treatment of the patient they are about.\n\nDo not pass them on, and delete your copies when the treatment is over.",
      },
    },
  };
}

function nextSummer(today) {
  return `${today.getUTCFullYear() + 1}-06-30T23:59:59Z`;
}
