import fc from "fast-check";

/** What the media obey, in pieces that a name may put together. */
const PIECES = [
  ..."\\`*_{}[]()#+-.!|~:@$=^<>&\"'%,;/ \t\n\r",
  ..."\u001b\u0007\u0085\u00a0\u00ad\u061c\u200b\u200e\u202e\u2028\u2029\u2066\u3000\ufeff\u{e0041}\ud800",
  ...["\u001b[2J", "\u001b]0;x\u0007", "::error::x", "::stop-commands::x", "##[error]", "##vso[task.x]", "%0A", "%25"],
  ...["<b>", "<script>", "</script>", "<!--", "-->", "<img src=x onerror=x>", "]]>", "<![CDATA[", "&lt;", "&#60;"],
  ...["![i](u)", "[l](u)", "](", "](javascript:x)", "[x]: u", "[^1]", "***", "__", "```", "~~~", "~~x~~", "---", "==="],
  ...[
    "http://a.b/",
    "https://a.b",
    "www.a.b",
    "ftp://a.b",
    "a@b.co",
    "mailto:a@b.co",
    "xmpp:a@b.co",
    "@user",
    "#1",
    "GH-1",
  ],
  ...[
    "o/r#1",
    "o/r@abcdef0",
    "- x",
    "1. x",
    "1) x",
    "> x",
    "# x",
    "    x",
    "| x |",
    "|---|",
    "$x$",
    "- [ ] x",
    "===\n",
  ],
  ...["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "../..", "a/b", "CON", "\u0000"],
  ...["bn", "a", "7", "é", "批", "🎲", "toString", "__proto__"],
];

/** Names as somebody might choose them to make a log, a summary or a page say or do something. */
export const hostile: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...PIECES),
  fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join("")),
  fc.string({ unit: "binary", maxLength: 20 }),
);
