import { describePictures, describeSpecifications } from "./case-pictures.js";
import { FEW } from "./cases.js";

// The other cases, and all of them in a browser, are in every-case.slow.test.ts.
describePictures(FEW);
describeSpecifications(["plain diverged"]);
