import type { Event } from "./event.ts";

/** An event as JSON shows it: `event` says its kind, and names are written as everywhere on the wire. */
export function renderEvent({ kind, ...members }: Event): Readonly<Record<string, unknown>> {
  return { event: kind, ...(snakeCased(members) as object) };
}

/** A value with the names of its members as the wire writes them. */
export function snakeCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCased);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [snakeCase(name), snakeCased(member)]));
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
