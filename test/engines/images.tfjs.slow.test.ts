import "./on-every-image.js";
import "./on-tfjs.js";
import "./images.test.js";
