import type { Command } from "commander";
import { flagOf, keyNames, keyOf } from "../config/keys.js";
import { t } from "../text/language.js";
import { LATEST, RUNS } from "./recorded-runs.js";

/** A flag as a shell completes it. */
interface Flag {
  readonly long: string;
  readonly help: string;
  /** What may follow: nothing, one of these words, or a file. */
  readonly takes: "nothing" | "file" | readonly string[];
}

interface Verb {
  readonly name: string;
  readonly help: string;
  readonly flags: readonly Flag[];
  /** It takes run folders. */
  readonly takesRuns: boolean;
}

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** A script that teaches the shell the program's commands, their flags, and the words that a flag takes. */
export function completionScript(program: Command, shell: Shell): string {
  return SCRIPTS[shell](program.commands.map(verbOf));
}

function verbOf(command: Command): Verb {
  const flags = command.options
    .filter(({ hidden, long }) => !hidden && long)
    .map(({ long, description, flags }): Flag => {
      const takesValue = /[<[]/.test(flags);
      return { long: long ?? "", help: description, takes: takesValue ? valuesOf(long ?? "") : "nothing" };
    });
  const takesRuns = command.registeredArguments.some((argument) => argument.name() === "run");
  return { name: command.name(), help: command.description(), flags, takesRuns };
}

/** The choices of a key, those that no shell takes for more than a word; any other value may be a file. */
function valuesOf(long: string): readonly string[] | "file" {
  const name = keyNames.find((key) => flagOf(key) === long);
  const key = name === undefined ? undefined : keyOf(name);
  return key?.type === "choice" ? key.choices.filter((choice) => /^[\w-]+$/.test(choice)) : "file";
}

const SCRIPTS: Readonly<Record<Shell, (verbs: readonly Verb[]) => string>> = { bash, zsh, fish };

function bash(verbs: readonly Verb[]): string {
  const choices = new Map(verbs.flatMap(({ flags }) => flags.map(({ long, takes }) => [long, takes] as const)));
  const words = [...choices].flatMap(([long, takes]) =>
    typeof takes === "string"
      ? []
      : [`    ${long}) COMPREPLY=($(compgen -W "${takes.join(" ")}" -- "$cur")); return ;;`],
  );
  const files = [...choices].filter(([, takes]) => takes === "file").map(([long]) => long);
  const verbLines = verbs.map(
    ({ name, flags, takesRuns }) =>
      `    ${name}) flags="${flags.map(({ long }) => long).join(" ")}"; names="${takesRuns ? `${LATEST} $(printf '%s ' ${RUNS}/*/)` : ""}" ;;`,
  );
  return `# bash completion of bn-compare: eval "$(bn-compare completion bash)"
_bn_compare() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} flags="" names=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${verbs.map(({ name }) => name).join(" ")}" -- "$cur"))
    return
  fi
  case $prev in
${words.join("\n")}
    ${files.join("|")}) COMPREPLY=(); return ;;
  esac
  case \${COMP_WORDS[1]} in
${verbLines.join("\n")}
  esac
  case $cur in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$cur")) ;;
    *) COMPREPLY=($(compgen -W "$names" -- "$cur")) ;;
  esac
}
complete -o default -F _bn_compare bn-compare
`;
}

function zsh(verbs: readonly Verb[]): string {
  const spec = ({ long, help, takes }: Flag) => {
    const value = takes === "nothing" ? "" : `:value:${takes === "file" ? "_files" : `(${takes.join(" ")})`}`;
    return quoted(`${long}[${help.replace(/[[\]:\\]/g, "\\$&")}]${value}`);
  };
  const cases = verbs.map(({ name, flags, takesRuns }) => {
    const rest = takesRuns ? `*:run:_bn_compare_runs` : "*:file:_files";
    return `    ${name}) _arguments ${[...flags.map(spec), quoted(rest)].join(" \\\n      ")} ;;`;
  });
  const described = verbs.map(({ name, help }) => quoted(`${name}:${help.replace(/[:\\]/g, "\\$&")}`));
  return `#compdef bn-compare
# zsh completion of bn-compare: eval "$(bn-compare completion zsh)"
_bn_compare_runs() { _alternative 'latest:the last run:(${LATEST})' 'runs:run folder:_files' }
_bn_compare() {
  local -a verbs
  verbs=(${described.join("\n    ")})
  if (( CURRENT == 2 )); then _describe command verbs; return; fi
  local verb=$words[2]
  shift words; (( CURRENT-- ))
  case $verb in
${cases.join("\n")}
  esac
}
compdef _bn_compare bn-compare
`;
}

function fish(verbs: readonly Verb[]): string {
  const lines = verbs.flatMap(({ name, help, flags, takesRuns }) => {
    const within = `-n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
    return [
      `complete -c bn-compare -n __fish_use_subcommand -f -a ${name} -d ${quoted(help)}`,
      ...flags.map(({ long, help: about, takes }) => {
        const value = takes === "nothing" ? "" : takes === "file" ? " -r" : ` -x -a ${quoted(takes.join(" "))}`;
        return `complete -c bn-compare ${within} -l ${long.slice(2)}${value} -d ${quoted(about)}`;
      }),
      ...(takesRuns ? [`complete -c bn-compare ${within} -a ${LATEST} -d ${quoted(t`the last run`)}`] : []),
    ];
  });
  return `# fish completion of bn-compare: bn-compare completion fish | source\n${lines.join("\n")}\n`;
}

/** As one word of each of the shells. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "’")}'`;
}
