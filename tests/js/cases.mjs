// Cases that the server's tests read too, so that page and server cannot disagree.
import { readFileSync } from "node:fs";

export const readCases = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
