import { TFJS, underTest } from "./engines.js";

// Imported before the tests of a file, this makes them run over TensorFlow.js as well.
underTest.push(...TFJS);
