import "../engines/on-every-engine.js";
import { fixtures } from "./fixtures.js";
import { describeGoldenShare, describeGoldenStates, QUICKEST } from "./golden-states.js";

await describeGoldenStates(fixtures.filter(({ name }) => name !== QUICKEST));
await describeGoldenShare();
