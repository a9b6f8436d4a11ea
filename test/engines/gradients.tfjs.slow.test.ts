import "./on-tfjs.js";
import "./gradients.test.js";
