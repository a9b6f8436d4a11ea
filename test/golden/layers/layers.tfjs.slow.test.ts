import "../../engines/on-tfjs.js";
import "./layers.test.js";
