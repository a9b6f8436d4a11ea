import { t } from "../../text/language.js";
import { darkened } from "../palette.js";
import { button, made } from "./controls.js";

/** Pixels of a picture for each of the drawing's. */
const SCALE = 2;

/** Above each chart two buttons that save it as a file, as it is drawn and in the page's colors. */
export function offerFiles(): void {
  for (const canvas of document.querySelectorAll<HTMLElement>(".chart .canvas")) {
    const name = canvas.closest("[id]")?.id.replace(/^chart-/, "") ?? "chart";
    const save = async (kind: "svg" | "png") => {
      const svg = canvas.querySelector("svg");
      if (svg === null) return;
      const text = fileOf(svg);
      const blob = kind === "svg" ? new Blob([text], { type: "image/svg+xml" }) : await pixelsOf(text);
      const link = Object.assign(made("a"), { href: URL.createObjectURL(blob), download: `${name}.${kind}` });
      link.click();
      URL.revokeObjectURL(link.href);
    };
    const buttons = (["svg", "png"] as const).map((kind) => {
      const saver = button("", () => void save(kind));
      saver.className = `as-${kind}`;
      saver.setAttribute("aria-label", t`save ${name} as ${kind.toUpperCase()}`);
      return saver;
    });
    canvas.before(made("div", "save", ...buttons));
  }
}

/** A drawing that needs nothing of the page: with its size, its font, and on a dark page its colors. */
function fileOf(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const { width, height } = svg.viewBox.baseVal;
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  copy.setAttribute("font-family", getComputedStyle(svg).fontFamily);
  for (const needless of ["aria-hidden", "style"]) copy.removeAttribute(needless);
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries({ width, height, fill: "#ffffff" })) ground.setAttribute(name, `${value}`);
  copy.prepend(ground);
  if (matchMedia("(prefers-color-scheme: dark)").matches) darken(copy);
  return new XMLSerializer().serializeToString(copy);
}

function darken(svg: SVGSVGElement): void {
  const pen = document.createElement("canvas").getContext("2d");
  if (pen === null) return;
  for (const element of svg.querySelectorAll("*")) {
    for (const paint of ["fill", "stroke"]) {
      const color = element.getAttribute(paint);
      if (color === null || color === "none" || color === "transparent") continue;
      // A canvas says every color in one way.
      pen.fillStyle = color;
      if (/^#\w{6}$/.test(String(pen.fillStyle))) element.setAttribute(paint, darkened(String(pen.fillStyle)));
    }
    // What says no color is black.
    if (element instanceof SVGTextElement && element.getAttribute("fill") === null)
      element.setAttribute("fill", darkened("#000000"));
  }
}

async function pixelsOf(text: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width * SCALE;
  canvas.height = image.height * SCALE;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return await new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error("no picture")) : resolve(blob)));
  });
}
