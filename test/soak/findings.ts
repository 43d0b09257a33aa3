/** Counts what held and what did not, and says so at the end. A soak goes on after a fault: how many there are matters. */
export class Findings {
  #held = 0;
  readonly #faults: string[] = [];

  expect(holds: boolean, fault: () => string): void {
    if (holds) this.#held += 1;
    else this.#faults.push(fault());
  }

  /** Prints the first faults and sets the exit code of the process. */
  conclude(): void {
    for (const fault of this.#faults.slice(0, 20)) console.error(`fault: ${fault}`);
    console.log(`${this.#held} checks held, ${this.#faults.length} did not`);
    process.exitCode = this.#faults.length > 0 ? 1 : 0;
  }
}

/** Runs a task for each item, so many at a time. */
export async function eachOf<T>(items: readonly T[], lanes: number, task: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const lane = async () => {
    for (const item of waiting) await task(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

export const pause = (milliseconds: number) => new Promise((resume) => setTimeout(resume, milliseconds));
