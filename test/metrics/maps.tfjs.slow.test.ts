import "../engines/on-tfjs.js";
import "./maps.test.js";
