/** A text that begins a statement, up to its closing quote; what is put into a template may hold braces of its own. */
const LITERALS =
  /`(?=\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|DROP)\b)(?<template>(?:[^`\\$]|\\.|\$(?!\{)|\$\{(?:[^{}]|\{[^{}]*\})*\})*)`|"(?=(?:SELECT|INSERT|UPDATE|DELETE|CREATE|DROP)\b)(?<string>(?:[^"\\\n]|\\.)*)"/gs;
const INSERTED = /\$\{(?:[^{}]|\{[^{}]*\})*\}/s;

/** A statement as it stands in a source text, and what it may become when it is run. */
interface WrittenStatement {
  readonly literal: string;
  readonly pattern: RegExp;
}

export function findStatements(source: string): readonly WrittenStatement[] {
  return Array.from(source.matchAll(LITERALS), ({ groups }) => {
    const literal = (groups?.template ?? groups?.string ?? "").trim();
    return { literal, pattern: patternOf(literal) };
  });
}

function patternOf(literal: string): RegExp {
  const parts = literal.split(INSERTED).map((part) => part.split(/\s+/).map(asPattern).join("\\s+"));
  return new RegExp(parts.join(".*"), "s");
}

function asPattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
