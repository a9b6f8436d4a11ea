import "./on-tfjs.js";
import "./normalizers.test.js";
