import "./text/spoken.js";

/** The command, to say what it can do and nothing else: in the package this is one file, which loads no other. */
export { main } from "./command.js";
