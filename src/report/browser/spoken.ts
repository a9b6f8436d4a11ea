import { type Language, speak } from "../../text/language.js";

/* Imported before everything that has sentences: a page speaks the language that it was written in. */
const source = document.getElementById("language")?.textContent;
if (source) speak(JSON.parse(source) as Language);
