import { visible } from "./excerpt.js";
import { Safe } from "./medium.js";

/** A line by which GitHub marks a run: https://docs.github.com/actions, workflow commands. */
export type WorkflowCommand = Safe<"workflow command">;

/** `::error file=…,title=…::line%0Aline`; each line of the message is one line whatever stands in it. */
export function workflowCommand(
  name: "error" | "warning",
  properties: Readonly<Record<string, string>>,
  message: readonly string[],
): WorkflowCommand {
  const listed = Object.entries(properties).map(([key, value]) => `${key}=${escapedProperty(value)}`);
  const data = message.map(escapedData).join("%0A");
  return new Safe("workflow command", `::${name} ${listed.join(",")}::${data}`);
}

/** Without what a log obeys in the middle of a line: `##[error]` (GitHub), `##vso[…]` (Azure), `##teamcity[…]`. */
export function withoutMarks(text: string): string {
  return text.replace(/##(?=\w*\[)/g, "#\\u{23}");
}

/** As GitHub's toolkit escapes it; line breaks are gone already. */
function escapedData(text: string): string {
  return withoutMarks(visible(text)).replace(/%/g, "%25");
}

function escapedProperty(text: string): string {
  return escapedData(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
