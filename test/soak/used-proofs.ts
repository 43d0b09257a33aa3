import type { LoadScene } from "../support/server/load-scene.ts";
import { Prover } from "../support/server/prover.ts";
import { eachOf, type Findings } from "./findings.ts";

const ASKING_LANES = 16;

/** A resource server that proves its key again and again: a proof that was taken is never taken again (RFC 9449 §11.1). */
export class UsedProofs {
  readonly #scene: LoadScene;
  readonly #prover: Prover;
  readonly #pat: string;
  #taken: string[] = [];
  /** Nobody knows whether these were taken: the server died before it said. */
  #unanswered: string[] = [];

  private constructor(scene: LoadScene, prover: Prover, pat: string) {
    this.#scene = scene;
    this.#prover = prover;
    this.#pat = pat;
  }

  static async open(scene: LoadScene): Promise<UsedProofs> {
    const prover = await Prover.create(scene.world);
    return new UsedProofs(scene, prover, await scene.boundPat(prover));
  }

  async use(): Promise<void> {
    const proof = await this.#prover.proof({ method: "GET", path: "/resources", accessToken: this.#pat });
    this.#unanswered.push(proof);
    if (!(await this.#isTaken(proof))) throw new Error("a fresh proof was refused");
    this.#unanswered.splice(this.#unanswered.indexOf(proof), 1);
    this.#taken.push(proof);
  }

  /** Presents all of them again, while they are fresh. @returns how many there were */
  async check(findings: Findings): Promise<number> {
    const [taken, unanswered] = [this.#taken, this.#unanswered];
    [this.#taken, this.#unanswered] = [[], []];
    await eachOf(taken, ASKING_LANES, async (proof) => {
      findings.expect(!(await this.#isTaken(proof)), () => "a proof was taken again after a crash");
    });
    await eachOf(unanswered, ASKING_LANES, async (proof) => {
      const answers = [await this.#isTaken(proof), await this.#isTaken(proof)];
      findings.expect(!answers.every((isTaken) => isTaken), () => "a proof was taken twice after a crash");
    });
    return taken.length;
  }

  async #isTaken(proof: string): Promise<boolean> {
    const call = { authorization: `DPoP ${this.#pat}`, headers: { DPoP: proof } };
    const { status } = await this.#scene.world.send("GET", "/resources?limit=1", call);
    if (status === 200 || status === 401) return status === 200;
    throw new Error(`a proof was answered ${status}`);
  }
}
