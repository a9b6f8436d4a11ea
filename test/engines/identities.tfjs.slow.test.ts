import "./on-tfjs.js";
import "./identities.test.js";
