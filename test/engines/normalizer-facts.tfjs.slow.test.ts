import "./on-tfjs.js";
import "./normalizer-facts.test.js";
