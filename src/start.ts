import module from "node:module";

/* Loaded before everything else. */

// From Node 22 on; where it cannot write its folder, it does nothing.
if ("enableCompileCache" in module && typeof module.enableCompileCache === "function") module.enableCompileCache();
