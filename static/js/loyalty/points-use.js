// What customers do with their points: have a reward, follow a way to earn, join, read the history.
export { toggleHistory } from "./points-history.js";
export { confirm, follow, join } from "./points-redeem.js";
