import "./on-tfjs.js";
import "./images.test.js";
