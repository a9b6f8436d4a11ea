import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drawPictures } from "../../src/charts/index.js";
import { alone } from "../../src/charts/runs.js";
import { darkened } from "../../src/report/palette.js";
import { slimSvg } from "../../src/report/slim-svg.js";
import { cases } from "../charts/cases.js";
import { makeResult } from "../charts/result-fixture.js";
import { faults } from "./axe.js";
import { launch, misplacedTexts, missing, reason, show } from "./chromium.js";
import { comparisonOf, pageFolder, reportOf } from "./pages.js";

const told = makeResult({ hiddenLayers: 4, updates: 250, seeds: 5, probe: 3 });
const diverged = makeResult({ hiddenLayers: 4, updates: 250, plainDivergesAt: 1, config: { activation: "relu" } });

describe.skipIf(missing)(`a page in Chromium${reason}`, () => {
  let browser: Browser;
  const folder = pageFolder();
  let [report, comparison] = ["", ""];

  beforeAll(async () => {
    browser = await launch();
    report = folder.write("report", await reportOf(told));
    comparison = folder.write("comparison", await comparisonOf({ tanh: told, relu: diverged }));
  });

  afterAll(async () => {
    await browser?.close();
    folder.remove();
  });

  const pages = () => ({ report, comparison });

  test.each(Object.keys(cases))("is quiet, asks for nothing and keeps its texts apart: %s", async (name) => {
    const result = cases[name];
    if (result === undefined) throw new Error("no case");
    const { page, complaints } = await show(browser, folder.write(name, await reportOf(result)));
    expect(await misplacedTexts(page)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(await page.locator("[role=application]").count()).toBeGreaterThan(0);
    await page.context().close();
  });

  test.each(["report", "comparison"] as const)("has no fault that axe-core finds, light and dark: %s", async (name) => {
    for (const colorScheme of ["light", "dark"] as const) {
      const { page, complaints } = await show(browser, pages()[name], { colorScheme });
      expect(await faults(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    }
  });

  test.each(["report", "comparison"] as const)(
    "does not scroll sideways on a phone or a projector: %s",
    async (name) => {
      for (const width of [360, 800, 1920]) {
        const { page } = await show(browser, pages()[name], { viewport: { width, height: 800 } });
        expect(await page.evaluate(() => document.documentElement.scrollWidth), `${width} px`).toBeLessThanOrEqual(
          width,
        );
        expect(await misplacedTexts(page), `${width} px`).toEqual([]);
        await page.context().close();
      }
    },
  );

  test.each(["report", "comparison"] as const)(
    "shows every chart without JavaScript, and no control: %s",
    async (name) => {
      const { page, complaints } = await show(browser, pages()[name], { javaScriptEnabled: false });
      const figures = page.locator("figure.chart");
      expect(await figures.count()).toBeGreaterThanOrEqual(6);
      for (const folded of await page.locator("summary", { hasText: "side by side" }).all()) await folded.click();
      for (const figure of await figures.all()) {
        expect(await figure.isVisible()).toBe(true);
        expect((await figure.locator("svg").boundingBox())?.width).toBeGreaterThan(300);
        // In its caption, or in front of it.
        const section = figure.locator("xpath=ancestor::section[1]");
        expect(await section.locator("figcaption p, .says").count()).toBeGreaterThan(0);
      }
      expect(await page.locator("input, button, select").count()).toBe(0);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  test("cuts no chart on a phone without JavaScript, and has it in legible letters after a tap", async () => {
    const { page } = await show(browser, report, { javaScriptEnabled: false, viewport: { width: 390, height: 800 } });
    const charts = page.locator(".chart .canvas");
    expect(await charts.count()).toBeGreaterThanOrEqual(6);
    for (const chart of await charts.all()) {
      const [inside, room] = await chart.evaluate((element) => [element.scrollWidth, element.clientWidth]);
      expect(inside).toBeLessThanOrEqual(room ?? 0);
    }
    const letters = () =>
      page.locator("#chart-costs text").evaluateAll((texts) =>
        Math.min(
          ...(texts as SVGTextElement[])
            .filter(({ textContent }) => textContent !== "")
            .map((text) => {
              const { a = 0, b = 0 } = text.getScreenCTM() ?? {};
              return Number.parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b);
            }),
        ),
      );
    expect(await letters()).toBeLessThan(5);
    await page.locator("#chart-costs .canvas").click();
    expect(await letters()).toBeGreaterThan(8);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.context().close();
  });

  test("prints every chart in full, in black on white, without controls", async () => {
    const { page } = await show(browser, report, { colorScheme: "dark", viewport: { width: 700, height: 900 } });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await page.locator("#chart-histograms svg").isVisible()).toBe(true);
    expect(await page.locator("#chart-activations svg").isVisible()).toBe(true);
    for (const hidden of [".controls", "nav"]) {
      for (const element of await page.locator(hidden).all()) expect(await element.isVisible(), hidden).toBe(false);
    }
    for (const svg of await page.locator(".chart svg").all()) {
      if (await svg.isVisible()) expect((await svg.boundingBox())?.width).toBeLessThanOrEqual(700);
    }
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe(
      "rgb(255, 255, 255)",
    );
    expect(await page.locator("#chart-costs svg").evaluate((svg) => getComputedStyle(svg).filter)).toBe("none");
    await page.context().close();
  });

  test("prints what is folded on the screen", async () => {
    const { page } = await show(browser, report);
    const folded = page.locator("details .table").first();
    expect(await folded.isVisible()).toBe(false);
    await page.emulateMedia({ media: "print" });
    expect(await folded.isVisible()).toBe(true);
    await page.context().close();
  });

  test.each(["report", "comparison"] as const)("draws every chart for a phone's width: %s", async (name) => {
    const { page } = await show(browser, pages()[name], { viewport: { width: 360, height: 800 } });
    const charts = page.locator('.chart [role="application"]');
    expect(await charts.count()).toBeGreaterThanOrEqual(6);
    for (const chart of await charts.all()) {
      const label = (await chart.getAttribute("aria-label"))?.slice(0, 60);
      const [inside, room] = await chart.evaluate((element) => [element.scrollWidth, element.clientWidth]);
      expect(inside, label).toBeLessThanOrEqual(room ?? 0);
      const sizes = await chart.evaluate((element) =>
        [...element.querySelectorAll("text")]
          .filter((text) => text.textContent !== "")
          .map((text) => {
            const { width = 0 } = text.ownerSVGElement?.getBoundingClientRect() ?? {};
            const drawn = text.ownerSVGElement?.viewBox.baseVal.width ?? 1;
            return (Number.parseFloat(getComputedStyle(text).fontSize) * width) / drawn;
          }),
      );
      expect(Math.min(...sizes), label).toBeGreaterThanOrEqual(9);
    }
    // Turned on its side it has room for the wide ones.
    await page.setViewportSize({ width: 900, height: 360 });
    const costs = page.locator("#chart-costs .canvas");
    await expect.poll(() => costs.evaluate((element) => element.classList.contains("narrow"))).toBe(false);
    await expect.poll(() => costs.locator("svg").getAttribute("width")).toMatch(/^\d{3,4}$/);
    await page.context().close();
  });

  test("fills a tablet's column with charts of one plot", async () => {
    const { page, complaints } = await show(browser, report, { viewport: { width: 768, height: 1024 } });
    for (const id of ["costs", "data", "signal", "gradients"]) {
      const canvas = page.locator(`#chart-${id} .canvas`);
      await canvas.scrollIntoViewIfNeeded();
      const shareOf = () =>
        canvas.evaluate((element) => {
          const { width = 0 } = element.querySelector("svg")?.getBoundingClientRect() ?? {};
          return element.classList.contains("filled") ? width / element.clientWidth : 0;
        });
      await expect.poll(shareOf, { message: id }).toBeCloseTo(1, 2);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("moves the layers of a comparison's runs together", async () => {
    const { page, complaints } = await show(browser, comparison);
    const sliders = page.getByRole("slider", { name: "update" });
    expect(await sliders.count()).toBe(1);
    await sliders.first().focus();
    await page.keyboard.press("End");
    await expect.poll(() => page.locator(".bar output").textContent()).toBe("250");
    for (const [place, said] of [/^Seed 1: plain costs 650;/, /^plain diverged at update 1;/].entries())
      await expect.poll(() => page.locator(`#stage-run${place} .here`).textContent()).toMatch(said);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("plays any two of many arms, and says what it plays", async () => {
    const many = makeResult({ arms: { plain: {}, bn: { normalized: true }, "plain he": { own: { init: "he" } } } });
    const file = folder.write("arms", await reportOf(many));
    const { page, complaints } = await show(browser, file);
    const said = () => page.locator("#stage .here").textContent();
    const drawing = () => page.locator("#stage .of-layers svg").evaluate((svg) => svg.innerHTML);
    const fits = () => page.locator("#chart-stage-fits svg").textContent();
    const first = await drawing();
    expect(await fits()).not.toContain("plain he");
    await page.getByRole("combobox", { name: "below" }).selectOption("plain he");
    await expect.poll(drawing).not.toBe(first);
    await expect.poll(fits).toContain("plain he");
    expect(await said()).toMatch(/^plain costs .*; plain he costs/);
    const above = page.getByRole("combobox", { name: "above" });
    await above.selectOption("bn");
    await expect.poll(said).toMatch(/^bn costs .*; plain he costs/);
    // One arm on both sides would show nothing: they change places.
    await page.getByRole("combobox", { name: "below" }).selectOption("bn");
    await expect
      .poll(() => above.evaluate((menu: HTMLSelectElement) => menu.selectedOptions[0]?.text))
      .toBe("plain he");
    await expect.poll(said).toMatch(/^plain he costs .*; bn costs/);
    await expect.poll(() => page.url()).toMatch(/arms=2/);
    await page.reload();
    await expect.poll(said).toMatch(/^plain he costs .*; bn costs/);
    expect(complaints.filter((complaint) => !complaint.startsWith("request:"))).toEqual([]);
    await page.context().close();
  });

  test("shows what a finger touches until it touches something else", async () => {
    const { page, complaints } = await show(browser, report, {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
    });
    const spot = page.locator("#chart-costs .areas_marks > path").nth(20);
    await spot.scrollIntoViewIfNeeded();
    await spot.tap({ force: true });
    const tooltip = page.locator(".tooltip");
    await expect.poll(() => tooltip.isVisible()).toBe(true);
    await page.waitForTimeout(300);
    expect(await tooltip.isVisible()).toBe(true);
    expect(await tooltip.textContent()).toMatch(/update/);
    await page.locator("#costs h2").scrollIntoViewIfNeeded();
    await page.locator("#costs h2").tap();
    await expect.poll(() => tooltip.isVisible()).toBe(false);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test.each([360, 1280])("leads to every section, at %i px", async (width) => {
    const { page } = await show(browser, report, { viewport: { width, height: 800 } });
    for (const link of await page.locator("nav a").all()) {
      await page.evaluate(() => window.scrollTo(0, 0));
      await link.click();
      const id = (await link.getAttribute("href"))?.slice(1) ?? "";
      await page.waitForTimeout(200);
      const top = await page.locator(`#${id} h2`).evaluate((heading) => heading.getBoundingClientRect().top);
      const isLast = await page.evaluate(
        () => window.scrollY + window.innerHeight >= document.documentElement.scrollHeight - 2,
      );
      if (!isLast) expect(top, id).toBeLessThan(220);
      expect(top, id).toBeGreaterThanOrEqual(0);
    }
    await page.context().close();
  });

  test("does not squeeze onto a phone what has no drawing for one", async () => {
    const many = cases["controls"];
    if (many === undefined) throw new Error("no case");
    const { page } = await show(browser, folder.write("many", await reportOf(many)), {
      viewport: { width: 360, height: 740 },
    });
    const figures = page.locator("figure.chart");
    for (const figure of await figures.all()) {
      if (!(await figure.isVisible())) continue;
      const { drawn, shown, isNarrow } = await figure.evaluate((element) => {
        const svg = element.querySelector("svg");
        return {
          drawn: svg?.viewBox.baseVal.width ?? 0,
          shown: svg?.getBoundingClientRect().width ?? 0,
          isNarrow: element.querySelector(".canvas")?.classList.contains("narrow") ?? false,
        };
      });
      expect(shown / drawn, await figure.getAttribute("id").then(String)).toBeGreaterThan(isNarrow ? 0.9 : 0.8);
    }
    await page.context().close();
  });

  test("stands still between updates for those who want no motion", async () => {
    const { page } = await show(browser, report, { reducedMotion: "reduce" });
    const slider = page.getByRole("slider", { name: "update" });
    const drawing = () => page.locator("#stage .of-layers svg").evaluate((svg) => svg.innerHTML);
    const seen = new Set([await drawing()]);
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    for (let look = 0; look < 200 && seen.size < 2; look += 1) seen.add(await drawing());
    for (let look = 0; look < 20; look += 1) seen.add(await drawing());
    expect(seen.size).toBe(2);
    await page.context().close();
  });

  test("lets no other script, style or request through", async () => {
    const { page } = await show(browser, report);
    const blocked = await page.evaluate(async () => {
      const violations: string[] = [];
      document.addEventListener("securitypolicyviolation", (event) => violations.push(event.effectiveDirective));
      const script = document.createElement("script");
      script.textContent = "document.title = 'taken'";
      const style = document.createElement("style");
      style.textContent = "body { display: none }";
      const image = document.createElement("img");
      image.src = "https://example.org/x.png";
      const frame = document.createElement("iframe");
      frame.src = "https://example.org/";
      document.body.append(script, style, image, frame);
      document.body.setAttribute("style", "color: red");
      await fetch("https://example.org/").catch(() => undefined);
      // Not here: what the test itself runs may evaluate.
      const evaluated = await new Promise<string>((resolve) =>
        setTimeout(() => {
          try {
            resolve(String(new Function("return 'yes'")()));
          } catch {
            resolve("no");
          }
        }, 100),
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
      return { violations, evaluated, title: document.title, display: getComputedStyle(document.body).display };
    });
    expect(blocked.title).toBe("Batch normalization compared: tanh");
    expect(blocked.display).toBe("block");
    expect(blocked.evaluated).toBe("no");
    for (const directive of [
      "script-src-elem",
      "style-src-elem",
      "style-src-attr",
      "img-src",
      "frame-src",
      "connect-src",
      "script-src",
    ]) {
      expect(blocked.violations).toContain(directive);
    }
    await page.context().close();
  });

  test("moves over the updates by pointer and by keyboard", async () => {
    const { page, complaints } = await show(browser, report);
    const slider = page.getByRole("slider", { name: "update" });
    const shown = () => page.locator(".bar output").textContent();
    const drawing = () => page.locator("#stage .of-layers svg").evaluate((svg) => svg.innerHTML);
    const first = await drawing();
    await slider.focus();
    await page.keyboard.press("End");
    await expect.poll(shown).toBe("250");
    await expect.poll(drawing).not.toBe(first);
    expect(await slider.getAttribute("aria-valuetext")).toBe("update 250");
    await page.keyboard.press("Home");
    await expect.poll(drawing).toBe(first);
    const box = await slider.boundingBox();
    if (box === null) throw new Error("no slider");
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await expect.poll(shown).toMatch(/^1[05]0$/);
    await page.getByRole("button", { name: "step" }).click();
    await expect.poll(shown).toMatch(/^(150|200)$/);
    await page.getByRole("button", { name: "play" }).click();
    await expect.poll(shown, { timeout: 10_000 }).toBe("250");
    await expect.poll(() => page.getByRole("button", { name: "play" }).isVisible()).toBe(true);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("tells what is pointed at, and highlights its layer in every chart", async () => {
    const { page, complaints } = await show(browser, report);
    const verdicts = page.locator("#chart-verdicts .canvas");
    await verdicts.scrollIntoViewIfNeeded();
    await verdicts.locator(".areas_marks > path, [class*=areas_marks] > path").nth(2).hover();
    const tooltip = page.locator(".tooltip");
    await expect.poll(() => tooltip.innerText()).toMatch(/^plain, layer \d, update \d+\n/);
    const lit = (chart: string) =>
      page
        .locator(`${chart} [class*=areas_marks] > path`)
        .evaluateAll((paths) => paths.filter((path) => path.getAttribute("fill-opacity") === "0.16").length);
    for (const chart of ["#chart-verdicts", "#chart-gradients", "#stage .of-layers"])
      await expect.poll(() => lit(chart)).toBeGreaterThan(0);
    await page.mouse.move(5, 5);
    await expect.poll(() => tooltip.isVisible()).toBe(false);
    await expect.poll(() => lit("#chart-gradients")).toBe(0);
    await page.getByLabel("highlight").selectOption("layer 2");
    for (const chart of ["#chart-verdicts", "#chart-gradients", "#stage .of-layers"])
      await expect.poll(() => lit(chart)).toBeGreaterThan(0);
    // A click on a layer chooses it, and another one takes that back.
    const layers = page.locator("#stage .of-layers [class*=areas_marks] > path");
    const chosen = () =>
      page.getByLabel("highlight").evaluate((menu: HTMLSelectElement) => menu.selectedOptions[0]?.text);
    await layers.first().click({ force: true });
    await expect.poll(chosen).toBe("layer 1");
    await layers.first().click({ force: true });
    await expect.poll(chosen).toBe("no layer");
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("reads a chart's values to the keyboard", async () => {
    const { page } = await show(browser, report);
    const costs = page.locator("#chart-costs .canvas");
    await costs.focus();
    await page.keyboard.press("End");
    const voice = page.locator("[role=status]");
    await expect.poll(() => voice.textContent()).toMatch(/^update 250\. plain: .*bn, training mode: /);
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => voice.textContent()).toMatch(/^update 245\. /);
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator(".tooltip").isVisible()).toBe(false);
    await page.context().close();
  });

  test("draws the costs on a linear scale too", async () => {
    const { page, complaints } = await show(browser, folder.write("diverged", await reportOf(diverged)));
    const costs = page.locator("#chart-costs");
    expect(await costs.locator("svg").textContent()).toContain("log scale");
    await costs.getByText("linear", { exact: true }).click();
    await expect.poll(() => costs.locator("svg").textContent()).not.toContain("log scale");
    await expect.poll(() => page.url()).toContain("scale=linear");
    expect(await misplacedTexts(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("draws slim pictures that look as the whole ones do", async () => {
    const page = await browser.newPage();
    for (const [name, { bare: svg }] of await drawPictures(alone(told))) {
      const pictures = [
        svg,
        slimSvg(svg, "slim").replace("<svg ", '<svg font-family="Helvetica, Arial, Liberation Sans" '),
      ];
      const shots: string[] = [];
      for (const picture of pictures) {
        await page.setContent(`<body style="margin:0">${picture}`);
        shots.push((await page.locator("svg").screenshot()).toString("base64"));
      }
      expect(shots[1] === shots[0], name).toBe(true);
    }
    await page.close();
  });

  test("gives texts on a dark page the colors that its charts get", async () => {
    const page = await browser.newPage();
    for (const color of ["#ad4a00", "#00659e", "#ffffff", "#1a1a1a"]) {
      await page.setContent(
        `<svg width="20" height="20" style="filter:invert(0.92) hue-rotate(180deg)"><rect width="20" height="20" fill="${color}"/></svg>`,
      );
      const image = (await page.locator("svg").screenshot()).toString("base64");
      const seen = await page.evaluate(async (data) => {
        const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
        const canvas = new OffscreenCanvas(20, 20).getContext("2d");
        canvas?.drawImage(bitmap, 0, 0);
        return [...(canvas?.getImageData(10, 10, 1, 1).data ?? [])].slice(0, 3);
      }, image);
      const wanted = [1, 3, 5].map((start) => Number.parseInt(darkened(color).slice(start, start + 2), 16));
      // Chromium rounds after each of the two filters.
      for (const [channel, value] of wanted.entries())
        expect(Math.abs((seen[channel] ?? 0) - value), color).toBeLessThan(4);
    }
    await page.close();
  });
});
