import { ALL_CASES, imageCases } from "./image-cases.js";

// Imported before the tests of a file, this makes them run over every case.
imageCases.splice(0, imageCases.length, ...ALL_CASES);
