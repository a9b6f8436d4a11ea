import { TFJS, underTest } from "./engines.js";

// Imported before another test file, this makes its tests run over TensorFlow.js alone.
underTest.splice(0, underTest.length, ...TFJS);
