import type { LedgerStorage } from "../../src/ledger/storage.ts";

/** The same database, which says that it takes so many bytes. */
export function sized(sql: LedgerStorage["sql"], bytes: () => number): LedgerStorage["sql"] {
  return new Proxy(sql, {
    get: (target, name) => {
      if (name === "databaseSize") return bytes();
      const member = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
