// What makes the pages quicker to use. Every page works without any of it.
import "./live.js";
import { startClock } from "./clock.js";
import { startFresh } from "./fresh.js";
import { startKeys } from "./keys.js";
import { startPalette } from "./palette.js";
import { startSmall } from "./small.js";

const palette = startPalette();
startKeys(palette);
startSmall();
startClock();
startFresh();
