// The worker of bowl.py for Node 18 or newer, with nothing but what Node brings.
//
// `cargo omega worker check -- node examples/workers/bowl.mjs` holds it against the protocol.
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";

const SPACE = [
  { name: "x", kind: "float", low: -2, high: 2, neutral: 0.5 },
  { name: "y", kind: "float", low: -2, high: 2, neutral: 0 },
  { name: "n", kind: "int", low: 1, high: 4, neutral: 2 },
  { name: "flip", kind: "bool", neutral: false },
  { name: "mode", kind: "choice", choices: ["plain", "steep", "both"], neutral: "plain" },
];
const NAMES = SPACE.map((entry) => entry.name).sort();

/** Parameters that do not go together. */
class NotApplicable extends Error {}

/** What is calibrated: replace this function, and SPACE. */
function evaluate({ x, y, n, flip, mode }, slice) {
  if (flip && mode === "both") throw new NotApplicable("both ways at once");
  if (x > 1.9) throw new Error("ValueError: off the table");
  const slope = mode === "plain" ? 9 : 12;
  const dx = x - (slice.center ?? 1);
  const dy = y + 0.5;
  const fitness = -(dx * dx) - slope * (dy * dy) + 0.125 * n - (flip ? 0.25 : 0);
  return {
    fitness,
    samples: 100 * n,
    blocks: [-2, -1, 0, 1, 2].map((part) => fitness + 0.5 * part),
    metrics: { distance: dx * dx + dy * dy },
    metadata: { mode, steps: [n, n + 1] },
  };
}

/** The answer to one question, or null to what has none. */
function answer({ type, id, params, slice }) {
  if (type === "hello") return { id, type, protocol: 1, space: SPACE };
  if (type === "cancel") return null;
  if (type !== "evaluate") return { id, type: "error", error: `no question of omega-worker/1: ${type}` };
  try {
    if (Object.keys(params).sort().join() !== NAMES.join()) throw new Error(`expected the parameters ${NAMES}`);
    if (![params.x, params.y, params.n].every(Number.isFinite)) throw new Error("x, y and n are numbers");
    return { id, type: "result", ...evaluate(params, slice ?? {}) };
  } catch (error) {
    if (error instanceof NotApplicable) return { id, type: "not_applicable", reason: error.message };
    return { id, type: "error", error: error.message }; // an answer too: these parameters have no fitness
  }
}

// JSON has no numbers that are not finite; the protocol has words for them.
const word = (_, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value).replace("Infinity", "inf") : value);

// The protocol has standard output to itself: whatever a module prints goes to standard error.
console.log = console.info = console.debug = console.error;
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  if (line.trim() === "") continue;
  const said = answer(JSON.parse(line));
  if (said !== null) writeSync(1, JSON.stringify(said, word) + "\n");
}
