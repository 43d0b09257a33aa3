/** A D1 binding that counts round trips: what latency is made of, so tests hold the stores to their budgets. */
export class CountingDatabase {
  readonly db: D1Database;
  hops = 0;
  readonly #originals = new WeakMap<object, D1PreparedStatement>();

  constructor(db: D1Database) {
    this.db = new Proxy(db, {
      get: (target, name) => {
        if (name === "prepare") return (query: string) => this.#counted(target.prepare(query));
        if (name === "batch") return (statements: D1PreparedStatement[]) => this.#batch(target, statements);
        throw new Error(`a store asked for ${String(name)}, which nobody counts`);
      },
    });
  }

  /** Round trips made by `work`. */
  async during(work: () => Promise<unknown>): Promise<number> {
    const before = this.hops;
    await work();
    return this.hops - before;
  }

  #batch(db: D1Database, statements: readonly D1PreparedStatement[]) {
    this.hops += 1;
    return db.batch(statements.map((statement) => this.#originals.get(statement) ?? statement));
  }

  #counted(statement: D1PreparedStatement): D1PreparedStatement {
    const counted = new Proxy(statement, {
      get: (target, name) => {
        if (name === "bind") return (...values: unknown[]) => this.#counted(target.bind(...values));
        this.hops += 1;
        const method: unknown = Reflect.get(target, name, target);
        return typeof method === "function" ? method.bind(target) : method;
      },
    });
    this.#originals.set(counted, statement);
    return counted;
  }
}
