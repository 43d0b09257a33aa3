import { styleText } from "node:util";

/** The voice of the terminal. Colours are left out when the output is no terminal, or NO_COLOR is set. */

export function headline(text) {
  console.log(`\n${styleText("bold", text)}\n`);
}

export function done(text, detail = "") {
  console.log(`  ${styleText("green", "ok")}  ${text.padEnd(19)}${styleText("dim", detail)}`);
}

export function plain(text = "") {
  console.log(text && `  ${text}`);
}

let scene = 0;

/** What a person does next. */
export function tellScene(text) {
  scene += 1;
  console.log(`\n${styleText("bold", `${scene}  ${text}`)}`);
}

/** One step of the protocol: in words, then as it went over the wire. */
export function tellStep({ say, wire }) {
  console.log(`   ${say}`);
  console.log(`   ${styleText("dim", wire)}`);
}

/** Something to copy into another terminal. */
export function tellCommand(purpose, command) {
  console.log(`  ${styleText("dim", `# ${purpose}`)}\n  ${command}\n`);
}

export function fail(error) {
  console.error(`\n${styleText("red", "Stopped:")} ${error.message}`);
}
