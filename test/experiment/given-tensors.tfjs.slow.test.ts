import "../engines/on-tfjs.js";
import "./given-tensors.test.js";
