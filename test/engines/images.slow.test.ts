import "./on-every-image.js";
import "./images.test.js";
