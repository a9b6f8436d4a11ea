import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import { drawPictures } from "../../src/charts/index.js";
import { alone } from "../../src/charts/runs.js";
import type { CheckReport } from "../../src/check/check.js";
import { faultsOf } from "../../src/experiment/result-rules.js";
import { formatJson } from "../../src/files/json.js";
import { annotations } from "../../src/output/annotations.js";
import { decisionRows, decisionText, findingLines } from "../../src/output/check-text.js";
import { effectRows, seedRows } from "../../src/output/evidence.js";
import { csvFilesOf } from "../../src/output/formats/csv.js";
import { junitOf } from "../../src/output/formats/junit.js";
import { checkMarkdown } from "../../src/output/formats/markdown.js";
import { htmlReportOf } from "../../src/output/html-report.js";
import { certificateRows, differenceLines, gapRows, verdictRows } from "../../src/output/inspection.js";
import { summaryOf } from "../../src/output/summary.js";
import { costTableRows } from "../../src/output/table.js";
import { type Result, resultSchema } from "../../src/record/result.js";
import { visible } from "../../src/text/excerpt.js";
import { inertJson } from "../../src/text/json.js";
import { type ScreenText, screen, shown } from "../../src/text/screen.js";
import { fittingTable } from "../../src/text/screen-table.js";
import { warningText } from "../../src/text/warning-text.js";
import { withoutMarks } from "../../src/text/workflow-command.js";
import { makeResult } from "../charts/result-fixture.js";
import { reportFixture } from "../check/report-fixture.js";
import { hostile } from "./hostile.js";

const OBEYED = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const RUNS = { numRuns: 30 };

/** A value with every text in it replaced whose path `chosen` takes; numbers in a path are `*`. */
function withTexts<T>(value: T, chosen: (path: string) => boolean, text: () => string, path = ""): T {
  if (typeof value === "string") return (chosen(path) ? text() : value) as T;
  if (typeof value !== "object" || value === null) return value;
  const at = (key: string) => `${path}.${/^\d+$/.test(key) ? "*" : key}`;
  const entries = Object.entries(value).map(([key, item]) => [key, withTexts(item, chosen, text, at(key))]);
  return (Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries)) as T;
}

function pathsOf(value: unknown): string[] {
  const found = new Set<string>();
  withTexts(value, (path) => Boolean(found.add(path)) && false, String);
  return [...found];
}

/** A screen's text: as many lines as with names of one word, none of which a log obeys. */
function expectInertScreen(text: ScreenText, benign: ScreenText): void {
  const lines = shown(text, { colors: false }).split("\n");
  expect(lines).toHaveLength(shown(benign, { colors: false }).split("\n").length);
  for (const line of lines) {
    expect(line).not.toMatch(OBEYED);
    expect(line).not.toContain("##[");
    expect(line.trimStart().startsWith("::")).toBe(false);
  }
}

const tagsOf = (markup: string) => markup.match(/<[^>]*>/g);
const markdownTags = (text: string) =>
  tagsOf(micromark(text, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true }));

/** Elements and attributes of a page or picture; what styles, scripts and JSON hold are no elements. */
function shapeOf(markup: string): Set<string> {
  const bare = markup.replace(/(<(script|style)[^>]*>)[\s\S]*?<\/\2>/g, "$1");
  const tags = bare.match(/<[a-z!/](?:[^>"]|"[^"]*")*>/gi) ?? [];
  return new Set(tags.flatMap((tag) => [/^<\/?[^\s>/]*/.exec(tag)?.[0] ?? "", ...(tag.match(/ [a-z-:]+=/gi) ?? [])]));
}

describe("a check's report, every text of which is hostile", () => {
  const fixed = [".outcome", ".decisions.*.outcome", ".cause.kind"];
  const chosen = (path: string) => !fixed.includes(path);
  const benign = reportFixture("regression");
  const reportOf = (text: () => string): CheckReport => {
    const report = withTexts(benign, chosen, text);
    const renamed = (costs: CheckReport["costs"]["current"]) =>
      Object.fromEntries(Object.values(costs).map((curve) => [text(), curve]));
    return { ...report, costs: { baseline: renamed(report.costs.baseline), current: report.costs.current } };
  };
  const hostileReport = fc.array(hostile, { minLength: 40, maxLength: 40 }).map((texts) => {
    let next = 0;
    return reportOf(() => texts[next++ % texts.length] as string);
  });
  // Names that differ only in what nobody sees would be rows of one name.
  const plain = reportOf(() => "name");

  test("reaches every text of it", () => {
    expect(pathsOf(benign).filter(chosen).length).toBeGreaterThanOrEqual(12);
  });

  const screenOf = (report: CheckReport) =>
    screen`${report.experiment}\n${fittingTable(decisionRows(report), Number.POSITIVE_INFINITY)}\n${screen.joined([...report.decisions.map(decisionText), ...findingLines(report)], "\n")}`;

  test("on a screen", () => {
    fc.assert(
      fc.property(hostileReport, (report) => expectInertScreen(screenOf(report), screenOf(plain))),
      RUNS,
    );
  });

  test("in Markdown", () => {
    const expected = markdownTags(checkMarkdown({ reports: [plain], pictures: new Map([[plain, ["name"]]]) }).text);
    fc.assert(
      fc.property(hostileReport, hostile, (report, file) => {
        const markdown = checkMarkdown({ reports: [report], pictures: new Map([[report, [file]]]) }).text;
        expect(markdownTags(markdown)).toEqual(expected);
        expect(markdown).not.toMatch(/[^\n\P{Cc}]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
      RUNS,
    );
  });

  test("in workflow commands: one line a gate, in which GitHub reads two properties", () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const commands = annotations({ reports: [report], warns: false }).map((command) =>
          shown(command, { colors: false }),
        );
        expect(commands).toHaveLength(1);
        for (const command of commands) {
          expect(command).not.toMatch(OBEYED);
          expect(command).not.toMatch(/##\w*\[/);
          const [, properties = "", data] = /^::error (.*?)::(.*)$/s.exec(command) ?? [];
          expect(data).toBeDefined();
          const keys = properties.split(",").map((property) => property.split("=", 1)[0]);
          expect(keys).toEqual(["file", "title"]);
          const title = properties.split(",")[1]?.slice("title=".length) ?? "";
          const read = title.replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%25", "%");
          expect(read).toBe(withoutMarks(visible(`${report.experiment}: ${report.decisions[1]?.quantity}`)));
        }
      }),
      RUNS,
    );
  });

  test("in JUnit's XML", () => {
    const parser = new XMLParser({ ignoreAttributes: false });
    const namesOf = (value: unknown): unknown =>
      typeof value === "object" && value !== null
        ? Object.entries(value).map(([key, item]) => [key, namesOf(item)])
        : undefined;
    const expected = namesOf(parser.parse(junitOf({ reports: [plain], warns: false })));
    fc.assert(
      fc.property(hostileReport, (report) => {
        const xml = junitOf({ reports: [report], warns: false });
        expect(XMLValidator.validate(xml)).toBe(true);
        expect(namesOf(parser.parse(xml))).toEqual(expected);
        expect(xml).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
      RUNS,
    );
  });
});

describe("a result, every text of which that a file may hold is hostile", () => {
  const benign = makeResult({ seeds: 2, plainDivergesAt: 1 });
  benign.warnings.push({ code: "inference-gap", arm: "bn", value: 0.5, limit: 0.1, train: 2, inference: 3 });
  benign.warnings.push({ code: "constant-column", column: "x2", value: 7 });
  const evil = "<img src=x onerror=a>\u202e\n::error::x";
  // What does not fit together in the fixture itself is no matter of names.
  const known = faultsOf(benign).length;
  const isAllowed = (value: unknown) => {
    const parsed = resultSchema.safeParse(value);
    return parsed.success && faultsOf(parsed.data).length <= known;
  };
  const free = new Set(
    pathsOf(benign).filter((path) =>
      isAllowed(
        withTexts(
          benign,
          (at) => at === path,
          () => evil,
        ),
      ),
    ),
  );
  const renamed = (result: Result, arm: string, name: string): Result =>
    JSON.parse(JSON.stringify(result).replaceAll(JSON.stringify(arm), JSON.stringify(name)));
  /** As bad as an arm's name may be. */
  const armName = fc.constantFrom("a - b", "www.a.b", "a_b_", "x+1 ... ", "GH-1", "toString", "1.x", "A--", "CON");
  const hostileResult = fc.tuple(fc.array(hostile, { minLength: 10, maxLength: 10 }), armName).map(([texts, name]) => {
    let next = 0;
    const result = withTexts(
      benign,
      (path) => free.has(path),
      () => texts[next++ % texts.length] as string,
    );
    return renamed(result, "plain", name);
  });
  const plain = withTexts(
    benign,
    (path) => free.has(path),
    () => "name",
  );

  test("reaches the texts that a reader lets pass", () => {
    for (const path of [".engine.version.bn-compare", ".warnings.*.column"]) expect(free).toContain(path);
  });

  test("on a screen", () => {
    const screenOf = (result: Result) =>
      screen.joined(
        [
          ...[costTableRows, seedRows, effectRows, certificateRows, verdictRows, gapRows].flatMap((rowsOf) => {
            const rows = rowsOf(result);
            return rows === undefined ? [] : [fittingTable(rows, Number.POSITIVE_INFINITY)];
          }),
          ...differenceLines(result),
          ...result.warnings.map((warning) => warningText(warning, result.config)),
        ],
        "\n",
      );
    fc.assert(
      fc.property(hostileResult, (result) => expectInertScreen(screenOf(result), screenOf(plain))),
      RUNS,
    );
  });

  test("in the summary", () => {
    const expected = markdownTags(summaryOf(plain, ["costs"]).text);
    fc.assert(
      fc.property(hostileResult, (result) => {
        expect(markdownTags(summaryOf(result, ["costs"]).text)).toEqual(expected);
      }),
      RUNS,
    );
  });

  test("in CSV: as many cells in every row, none of which is a formula", () => {
    fc.assert(
      fc.property(hostileResult, (result) => {
        for (const [name, text] of csvFilesOf(result)) {
          const rows: string[][] = parse(text);
          expect(rows.length, name).toBe(parse(csvFilesOf(plain).get(name) ?? "").length);
          for (const cell of rows.flat())
            if (!Number.isFinite(Number(cell))) expect(cell).not.toMatch(/^\s*(?:[=+@]|-(?!Infinity$))/);
        }
      }),
      { numRuns: 5 },
    );
  });

  test("in JSON on a screen: the same value, and nothing that a terminal or a log obeys", () => {
    fc.assert(
      fc.property(hostileResult, (result) => {
        const json = formatJson(result);
        const text = inertJson(json);
        expect(JSON.parse(text)).toEqual(JSON.parse(json));
        expect(text).not.toMatch(/[^\n\P{Cc}]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|##\w*\[/u);
      }),
      { numRuns: 5 },
    );
  });

  test("in pictures and on the page: no element and no attribute that a plain name would not bring", async () => {
    const [expectedPictures, seed] = [await drawPictures(alone(plain)), Number(process.env["FAST_CHECK_SEED"] ?? 1)];
    const page = shapeOf(await htmlReportOf(plain, expectedPictures));
    for (const result of fc.sample(hostileResult, { numRuns: 2, seed })) {
      const pictures = await drawPictures(alone(result));
      for (const [name, { file }] of pictures) {
        expect(XMLValidator.validate(file), name).toBe(true);
        const known = shapeOf(expectedPictures.get(name)?.file ?? "");
        expect(
          [...shapeOf(file)].filter((part) => !known.has(part)),
          name,
        ).toEqual([]);
      }
      const html = await htmlReportOf(result, pictures);
      expect([...shapeOf(html)].filter((part) => !page.has(part))).toEqual([]);
      expect(html.match(/<script/g)).toHaveLength(2);
      expect(html).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/u);
    }
  });
});
