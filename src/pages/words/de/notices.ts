import type { Words } from "../en.ts";
import { plural } from "../number.ts";
import { said } from "../said.ts";

export const notices: Words["notices"] = {
  title: (kinds) =>
    plural(
      kinds,
      "Sie bekommen keine E-Mails von uns.",
      "Sie bekommen eine Art E-Mails von uns.",
      (n) => `Sie bekommen ${n} Arten von E-Mails von uns.`,
    ),
  lead: (address) => said`Sie gehen an ${address}. Kreuzen Sie an, wovon Sie hören möchten.`,
  noAddress: "Für E-Mails braucht es eine bestätigte Adresse, und Ihr Konto hat keine.",
  addAddress: "Adresse hinzufügen",
  noLetters: "Dieser Dienst verschickt noch keine E-Mails. Was Sie hier wählen, gilt, sobald er es tut.",
  kinds: {
    request_waiting: {
      label: "Jemand wartet auf meine Antwort",
      hint: "Sobald gefragt wird; von vielen auf einmal nur einige.",
    },
    first_access: {
      label: "Jemand hat zum ersten Mal Zugang bekommen",
      hint: "Eine Person, die Sie noch nie eingelassen haben, durch etwas, das Sie geteilt haben.",
    },
    request_decided: {
      label: "Meine eigene Anfrage wurde beantwortet",
      hint: "Worum Sie andere gebeten haben, in welcher App auch immer.",
    },
    shared: { label: "Jemand teilt etwas mit mir", hint: "Wer es ist und wo Sie es finden." },
    week: { label: "Jede Woche, was geschehen ist", hint: "Nur nach einer Woche, in der etwas geschehen ist." },
  },
  save: "Speichern",
  saved: "Gespeichert.",

  stop: {
    title: "Diese E-Mails nicht mehr bekommen?",
    lead: {
      request_waiting: "Wir schreiben Ihnen nicht mehr, wenn jemand auf Ihre Antwort wartet.",
      first_access: "Wir schreiben Ihnen nicht mehr, wenn jemand zum ersten Mal Zugang bekommen hat.",
      request_decided: "Wir schreiben Ihnen nicht mehr, wenn eine Anfrage von Ihnen beantwortet wurde.",
      shared: "Wir schreiben Ihnen nicht mehr, wenn jemand etwas mit Ihnen teilt.",
      week: "Wir schreiben Ihnen nicht mehr, was in der Woche geschehen ist.",
    },
    rest: "Was Sie teilen und alles andere hier bleibt, wie es ist.",
    go: "Diese E-Mails abbestellen",
    keep: "Auswählen, welche E-Mails Sie bekommen",
    doneTitle: "Diese E-Mails sind abbestellt",
    done: "Wenn Sie hier ein Konto haben, können Sie sie jederzeit wieder bestellen.",
  },

  letters: {
    selfSaid: (name, address) => said`${address} (nennt sich ${name})`,
    nobody: "Jemand",
    waitingSubject: "Jemand wartet auf Ihre Antwort",
    waitingSubjectFor: (owner) => said`Jemand wartet auf eine Antwort von ${owner}`,
    waiting: (who, app) => said`${who} bittet mit der App ${app} um etwas, das Ihnen gehört.`,
    waitingFor: (who, app, owner) => said`${who} bittet mit der App ${app} um etwas von ${owner}.`,
    answer: "Worum es geht, sehen und beantworten Sie hier:",
    firstSubject: "Jemand Neues hat Zugang bekommen",
    firstSubjectFor: (owner) => said`Jemand Neues hat bei ${owner} Zugang bekommen`,
    first: (who, app) =>
      said`${who} hat mit der App ${app} zum ersten Mal Zugang zu etwas bekommen, das Sie geteilt haben.`,
    firstFor: (who, app, owner) =>
      said`${who} hat mit der App ${app} zum ersten Mal Zugang zu etwas bekommen, das ${owner} geteilt hat.`,
    lookAtIt: "Was es war, sehen Sie hier; war es nicht so gemeint, beenden Sie es dort:",
    decidedSubject: "Ihre Anfrage wurde beantwortet",
    allowed: (app) => said`Worum Sie mit der App ${app} gebeten haben, wurde erlaubt, ganz oder zum Teil.`,
    refused: (app) => said`Worum Sie mit der App ${app} gebeten haben, wurde nicht erlaubt.`,
    goOn: (app) => said`Öffnen Sie ${app}, um weiterzumachen.`,
    weekSubject: "Ihre Woche",
    weekSubjectFor: (owner) => said`Die Woche von ${owner}`,
    week: "In den letzten sieben Tagen:",
    letIn: (n) =>
      plural(n, "", "Einmal hat jemand Zugang bekommen.", (count) => `${count}-mal hat jemand Zugang bekommen.`),
    turnedAway: (n) =>
      plural(n, "", "Einmal wurde jemand abgewiesen.", (count) => `${count}-mal wurde jemand abgewiesen.`),
    asked: (n) => plural(n, "", "Einmal hat jemand Sie gefragt.", (count) => `${count}-mal hat jemand Sie gefragt.`),
    changed: (n) =>
      plural(
        n,
        "",
        "Einmal haben Sie oder eine Ihrer Apps geändert, wer was sehen kann.",
        (count) => `${count}-mal haben Sie oder Ihre Apps geändert, wer was sehen kann.`,
      ),
    all: "Alles davon sehen Sie hier:",
    signInFirst: "Auf dieser Seite melden Sie sich zuerst an; durch das Öffnen geschieht nichts.",
    stop: "Wenn Sie solche E-Mails nicht möchten:",
  },
};
