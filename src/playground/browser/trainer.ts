import type { LabJob } from "../../lab/job.js";
import { inflatedOf } from "../../lab/packed-element.js";
import type { Frame, Rate, Scene } from "../session.js";
import type { Answer, Ask } from "../worker.js";

type Question = Ask extends infer Each ? (Each extends Ask ? Omit<Each, "id"> : never) : never;

/** A worker that answers questions in turn. */
interface Asked {
  readonly ask: (question: Question) => Promise<Answer>;
}

/** Both arms, each in a worker of its own, always at the same update. */
export interface Trainer {
  /** Starts another job; the scene is that of its arms. */
  readonly start: (job: LabJob) => Promise<Scene>;
  /** Every arm of the job, in its order. */
  readonly show: (update: number, rates: readonly Rate[]) => Promise<readonly Frame[]>;
  readonly digests: () => Promise<readonly (readonly string[])[]>;
}

export function makeTrainer(): Trainer {
  const kernel = inflatedOf("kernel");
  const address = URL.createObjectURL(new Blob([inflatedOf("worker")], { type: "text/javascript" }));
  const workers: Asked[] = [];
  let arms = 0;
  const working = () => workers.slice(0, arms);
  return {
    async start(job) {
      const names = Object.keys(job.arms);
      arms = names.length;
      for (let place = workers.length; place < arms; place++) {
        const worker = asked(new Worker(address));
        await worker.ask({ kernel });
        workers.push(worker);
      }
      const answers = await Promise.all(working().map(({ ask }, place) => ask({ job, arm: names[place] ?? "" })));
      const [first] = answers.flatMap((answer) => ("scene" in answer ? [answer.scene] : []));
      if (first === undefined) throw new Error("no scene");
      return first;
    },
    async show(update, rates) {
      const answers = await Promise.all(working().map(({ ask }) => ask({ update, rates })));
      return answers.flatMap((answer) => ("frame" in answer ? [answer.frame] : []));
    },
    async digests() {
      const answers = await Promise.all(working().map(({ ask }) => ask({ digests: true })));
      return answers.flatMap((answer) => ("digests" in answer ? [answer.digests] : []));
    },
  };
}

function asked(worker: Worker): Asked {
  const waiting = new Map<
    number,
    { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void }
  >();
  let count = 0;
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    const asker = waiting.get(data.id);
    waiting.delete(data.id);
    if ("failed" in data) asker?.reject(new Error(data.failed));
    else asker?.resolve(data);
  };
  worker.onerror = ({ message }) => {
    for (const { reject } of waiting.values()) reject(new Error(message));
    waiting.clear();
  };
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        const id = count++;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ ...question, id });
      }),
  };
}
