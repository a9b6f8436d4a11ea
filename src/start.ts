import module from "node:module";

/* Loaded before everything else, in each thread that loads much: a thread has a compile cache of its own. */

// From Node 22 on; where it cannot write its folder, it does nothing.
if ("enableCompileCache" in module && typeof module.enableCompileCache === "function") module.enableCompileCache();
