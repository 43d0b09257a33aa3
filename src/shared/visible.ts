/** Letters, digits and signs, without those that Unicode has shown by nothing at all (UAX #44, Default_Ignorable_Code_Point). */
const VISIBLE = /[[\p{L}\p{N}\p{P}\p{S}]--\p{DI}--[\u2800]]/v;

/** Whether anything of a text can be seen: without that there is nothing to call anybody by. */
export function isVisible(text: string): boolean {
  return VISIBLE.test(text);
}
