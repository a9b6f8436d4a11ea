import { cases, FEW } from "../charts/cases.js";
import { describePages } from "./page-rules.js";

describePages(Object.keys(cases).filter((name) => !FEW.includes(name)));
