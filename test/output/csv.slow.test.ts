import { cases, FEW } from "../charts/cases.js";
import { describeRows } from "./csv-rows.js";

describeRows(Object.keys(cases).filter((name) => !FEW.includes(name)));
