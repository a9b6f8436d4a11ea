import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { agrees, type ClaimNumber } from "../../src/published/claim.js";
import { claimNames, loadClaim } from "../../src/published/claim-files.js";
import { bnCompare, emptyFolder, temporaryFolder } from "../cli/command.js";

const FOLDER = fileURLToPath(new URL("../../experiments/published/", import.meta.url));

interface Measured {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

interface Printed {
  readonly claims: readonly {
    readonly name: string;
    readonly holds: boolean;
    readonly numbers: readonly { readonly name: string; readonly measured: Measured; readonly holds: boolean }[];
  }[];
}
