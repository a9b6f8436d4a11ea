import "./on-tfjs.js";
import "./training.test.js";
