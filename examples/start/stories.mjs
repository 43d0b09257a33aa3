import { GUEST_DOCTOR } from "./shares.mjs";

/** What there is to play in a browser, step by step. The wording of links and buttons is that of the pages. */

/** @returns by the name of its page */
export function stories({ usher, records, consult }) {
  const mailbox = link(`${usher.origin}/development/mailbox`, "development mailbox");
  return {
    owner: {
      title: "The owner's story",
      lead: "You are a patient. A clinic keeps your reports, and you decide who else may see them.",
      before: "A passkey needs what unlocks your device: a fingerprint, a face, or a PIN.",
      steps: [
        step(
          "See what the clinic has about you",
          `Open ${link(records.origin, "your reports at Lakeside Clinic")}. Nobody but you and the clinic can see them.`,
        ),
        step(
          "Connect your Usher account",
          "Press “Connect my Usher account”. Usher asks who you are: create an account, with a passkey, and keep the recovery codes.",
        ),
        step("Read what the clinic could do, and allow it", "Refusing is as easy: then nothing has changed."),
        step(
          "Share with your doctor",
          "Back at the clinic, enter an email address, choose what it is about and until when, and share. You get a link for your doctor.",
        ),
        step(
          "Be your doctor for a while",
          `In another browser or a private window, play ${link("/doctor", "the doctor's story")}, with your link in its first step. Leave this window as it is.`,
        ),
        step(
          "See at Usher who can see it",
          `Open ${link(`${usher.origin}/console`, "your things")} and choose the report: its first line says who can see it. Share it with somebody else as well, or end what you share. “Activity” tells who was let in, and who was not and why.`,
        ),
        step(
          "Look who acts for you, and end it",
          `${link(`${usher.origin}/account/apps`, "Your connected apps")} names the clinic. Disconnect it, and go back to the clinic: what you had shared is closed, to your doctor as well.`,
        ),
      ],
      after: "Connect the clinic once more whenever you like, and share again.",
    },
    doctor: {
      title: "The doctor's story",
      lead: "You are a doctor, and somebody shares a report with you. No account of yours is known to anybody here.",
      before: `Use another browser than for the owner's story, or a private window. Mail arrives in the ${mailbox}.`,
      steps: [
        step(
          "Ask for the report",
          `Open ${link(consult.origin, "Consult")} and choose “MRI of the left knee”, which the clinic shares with ${GUEST_DOCTOR}. Or open the link that a patient sent you.`,
        ),
        step("Let Usher ask you", "Press “Show Usher who I am”. Consult will not be told who you are."),
        step(
          "Show that the address is yours",
          `Ask for a code to ${GUEST_DOCTOR}, or to the address that the patient shared with. It is in the ${mailbox}. Then create an account, with a passkey.`,
        ),
        step(
          "Agree, and let Usher remember you",
          "Read the text, agree to it, tick “Remember this for Consult”, and go on. You are back in Consult, and read the report.",
        ),
        step(
          "Ask again",
          "Open another report of the same kind in the same list: “X-ray of the left hand” after the MRI, “Lipid panel” after a blood count. Nobody asks you anything any more.",
        ),
      ],
      after: `What Usher remembers of you, for which app, stands in ${link(`${usher.origin}/account/remembered`, "your account")}, and you can have it forgotten. To come by way of an identity provider instead, have a patient share with bob@lakeside.example, and choose “Lakeside ID” where Usher asks you to sign in.`,
    },
  };
}

function step(title, text) {
  return { title, text };
}

function link(address, words) {
  return `<a href="${address}">${words}</a>`;
}
