import { expect, test } from "vitest";
import { jsonSchemas } from "../../src/output/schemas.js";

// `npm run schema` writes them anew after a change of the code's schemas.
test.each(Object.entries(jsonSchemas()))("schema/%s is what the code's own schema says", async (file, schema) => {
  await expect(schema).toMatchFileSnapshot(`../../schema/${file}`);
});
