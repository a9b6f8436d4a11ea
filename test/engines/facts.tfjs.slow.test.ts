import "./on-tfjs.js";
import "./facts.test.js";
