import "./on-tfjs.js";
import "./optimizers.test.js";
