// Puts the styles of the code editor into a constructed sheet: the pages forbid style elements.
import { StyleModule } from "style-mod";

const sheet = new CSSStyleSheet();
const mounted = [];
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

// The library's own way adds a style element, which the pages' policy refuses unless it is weakened.
// Later modules win over earlier ones, as in the original.
StyleModule.mount = (_root, modules) => {
  const fresh = [modules].flat().filter((module) => !mounted.includes(module));
  if (fresh.length === 0) return;
  mounted.push(...fresh);
  sheet.replaceSync(mounted.map((module) => module.getRules()).join("\n"));
};
