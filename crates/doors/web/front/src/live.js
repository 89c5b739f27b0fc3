// Partial updates and server-sent events, named in the pages by hx-* attributes.
//
// The pages forbid evaluated code: no hx-on, no "js:" values and no trigger filters.
// The extension registers itself with the library when it loads, so it comes second.
import "htmx.org";
import "htmx.org/dist/ext/hx-sse.js";
